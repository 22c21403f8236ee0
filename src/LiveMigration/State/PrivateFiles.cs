using LiveMigration.Interop.Posix;

namespace LiveMigration.State;

/// <summary>Folders and files that are still there after a loss of power, and are their user's alone.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode ForUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderForUser = ForUser | UnixFileMode.UserExecute;
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes what is missing of a folder, from the top.</summary>
    internal static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var above = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(above))
            MakeFolder(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FolderForUser);
        if (!string.IsNullOrEmpty(above))
            FolderSync.Flush(above);
    }

    /// <summary>Lets nobody but its user into a folder: earlier versions made it as the user's mask had it.</summary>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's, and others can write to it.</exception>
    internal static void Close(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ForOthers) == 0)
            return;
        try
        {
            File.SetUnixFileMode(folder, mode & ~ForOthers);
        }
        catch (UnauthorizedAccessException) when ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0)
        {
            // It is not ours to close, and only its owner writes to it.
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UnauthorizedAccessException(
                $"{folder} belongs to another user, and others can write to it. What is in it could be anybody's: set XDG_STATE_HOME to a folder of your own.", error);
        }
    }

    /// <summary>Opens a file without a buffer; a new one is its user's alone.</summary>
    internal static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ForUser;
        return new FileStream(path, options);
    }
}
