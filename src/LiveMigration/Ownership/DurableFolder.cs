using LiveMigration.Interop.Posix;

namespace LiveMigration.Ownership;

/// <summary>A folder that is still there after a loss of power, and readable by its user alone.</summary>
internal static class DurableFolder
{
    /// <summary>Makes what is missing of it, from the top.</summary>
    internal static void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var above = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(above))
            Make(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!string.IsNullOrEmpty(above))
            FolderSync.Flush(above);
    }
}
