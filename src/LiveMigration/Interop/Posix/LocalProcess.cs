using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Posix;

/// <summary>A process of this machine, which is not taken for a later one that has its number.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Start">When it started, in the kernel's ticks since the machine did.</param>
internal sealed record LocalProcess(int Id, long Start)
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int PeerCredentials = 17; // SO_PEERCRED

    /// <summary>Which field of <c>/proc/PID/stat</c> is the start, counted behind the program's name.</summary>
    private const int StartField = 19;

    /// <summary>Whether it has ended for certain.</summary>
    internal bool HasEnded
    {
        get
        {
            try
            {
                return !Directory.Exists($"/proc/{Id}") ? Directory.Exists("/proc/self") : StartOf(Id) is { } start && start != Start;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>The program that it runs, as a path; null where that must not be known.</summary>
    internal string? Program => Link("exe");

    /// <summary>What tells its view of the files from another's: its mounts and its root; null where that must not be known.</summary>
    internal string? Mounts => Link("ns/mnt") is { } mounts && Link("root") is { } root ? $"{mounts} {root}" : null;

    /// <summary>Whether it has the file open that has this path now: not one that was replaced since. False where that must not be known.</summary>
    internal bool HasOpen(string path)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{Id}/fd").Any(file => new FileInfo(file).LinkTarget == path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Who listens at the other end of a UNIX socket; null where the kernel does not say.</summary>
    internal static LocalProcess? Behind(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.AddressFamily is not AddressFamily.Unix)
            return null;
        try
        {
            Span<int> credentials = stackalloc int[3];
            return socket.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials)) >= sizeof(int)
                && credentials[0] > 0 && StartOf(credentials[0]) is { } start ? new LocalProcess(credentials[0], start) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private string? Link(string name)
    {
        try
        {
            return new FileInfo($"/proc/{Id}/{name}").LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? StartOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The program's name is in brackets, and may have brackets and blanks of its own.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // A zombie has ended; who started it has not asked yet.
            return fields[0] is "Z" or "X" ? -1 : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
