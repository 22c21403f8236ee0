using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.State;

/// <summary>The process that wrote a record.</summary>
/// <param name="Machine">Where processes can be told apart by their numbers: a machine, or a container on it. A home folder may be shared by several.</param>
/// <param name="Boot">The start of that machine; empty on systems that have no id for it.</param>
/// <param name="ProcessId">Its number.</param>
/// <param name="Started">When it started, as numbers are used again: on Linux in ticks since the machine's start, which no clock that is set
/// changes; elsewhere in UTC.</param>
internal readonly record struct RecordWriter(string Machine, string Boot, int ProcessId, long Started)
{
    /// <summary>Where there are no ticks, each process reckons a start back from its own clock: two never say quite the same.</summary>
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(10);

    internal static RecordWriter ThisProcess() => new(
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Text("/etc/machine-id") ?? Environment.MachineName} {Link("/proc/self/ns/pid")}")))[..16].ToLowerInvariant(),
        Text("/proc/sys/kernel/random/boot_id") ?? "",
        Environment.ProcessId,
        StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether a process of this start of this machine runs.</summary>
    internal static bool IsRunning(int process, long started) => StartOf(process) is { } start
        && (OperatingSystem.IsLinux() ? start == started : Math.Abs(start - started) < SameStart.Ticks);

    /// <summary>Null where there is no such process.</summary>
    internal static long? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return Ticks(File.ReadAllText($"/proc/{process}/stat"));
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or ExternalException or IOException or UnauthorizedAccessException)
        {
            return null; // There is none, or it ended while it was looked at.
        }
    }

    /// <summary>The 22nd field; the second, a name, may have spaces and brackets in it.</summary>
    private static long Ticks(string stat) => long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Link(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
