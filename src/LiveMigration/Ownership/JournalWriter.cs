using System.Diagnostics;

namespace LiveMigration.Ownership;

/// <summary>The process that wrote an entry.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="ProcessStart">When it started: numbers are used again.</param>
internal readonly record struct JournalWriter(int ProcessId, long ProcessStart)
{
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
                return process.StartTime.ToUniversalTime().Ticks == ProcessStart;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
