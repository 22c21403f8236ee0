using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Posix;

/// <summary>A file that is on the disk can be found there only if its folder is, too: .NET writes out files, and no folders.</summary>
internal static partial class FolderSync
{
    /// <summary><c>EINVAL</c>: a file system on which there is nothing to write out.</summary>
    private const int Invalid = 22;

    /// <summary>Returns when what was made, renamed or removed in a folder is on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS has a journal of its own for names.
        var opened = open(folder, 0);
        if (opened < 0)
            throw Failed(folder);
        try
        {
            if (fsync(opened) != 0 && Marshal.GetLastPInvokeError() is not Invalid)
                throw Failed(folder);
        }
        finally
        {
            _ = close(opened);
        }
    }

    private static IOException Failed(string folder) => new($"{folder} could not be written to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
