using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LiveMigration.Ownership;

/// <summary>The process that wrote an entry.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="ProcessStart">When it started: numbers are used again.</param>
internal readonly record struct JournalWriter(int ProcessId, long ProcessStart)
{
    /// <summary>Each process reckons a start back from its own clock: two never say quite the same.</summary>
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(10);

    internal static JournalWriter Self
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return new JournalWriter(self.Id, self.StartTime.ToUniversalTime().Ticks);
        }
    }

    internal bool Lives
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                return (process.StartTime.ToUniversalTime() - new DateTime(ProcessStart, DateTimeKind.Utc)).Duration() < SameStart;
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or ExternalException)
            {
                return false; // There is none, or it ended while it was looked at.
            }
        }
    }
}
