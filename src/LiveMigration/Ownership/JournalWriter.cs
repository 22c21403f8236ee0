using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LiveMigration.Ownership;

/// <summary>The process that wrote an entry, of this machine: see <see cref="Machine"/>.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="ProcessStart">When it started: numbers are used again. On Linux a start of the machine and the ticks since, which no clock
/// that is set changes; elsewhere the time in UTC.</param>
internal readonly record struct JournalWriter(int ProcessId, long ProcessStart)
{
    /// <summary>Where there are no ticks, each process reckons a start back from its own clock: two never say quite the same.</summary>
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(10);

    internal static JournalWriter Self => new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    internal bool Lives => StartOf(ProcessId) is { } start
        && (OperatingSystem.IsLinux() ? start == ProcessStart : Math.Abs(start - ProcessStart) < SameStart.Ticks);

    /// <summary>Null where there is no such process.</summary>
    private static long? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return (Machine.Start << 40) ^ Ticks(File.ReadAllText($"/proc/{process}/stat"));
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
}
