using LiveMigration.Hypervisors;

namespace LiveMigration.Migration;

/// <summary>The end of a migration that no call of ours waits for: its source is asked whether it still sends until it does not.</summary>
internal static class JobEnd
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the source may be silent once the migration was told to end.</summary>
    private static readonly TimeSpan SilenceAfterStop = TimeSpan.FromSeconds(45);

    /// <summary>Only the hypervisor's own word ends the wait: an answer that is late or lost is asked for again.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="driver">Its driver.</param>
    /// <param name="silence">How long the source may be silent without a break.</param>
    internal static async Task WaitAsync(MigrationRun run, IMigrationDriver driver, TimeSpan silence)
    {
        var heard = run.Time.GetTimestamp();
        while (!run.Detached.IsCompleted)
        {
            await Task.Delay(Interval, run.Time).ConfigureAwait(false);
            switch (await driver.IsUnderWayAsync().ConfigureAwait(false))
            {
                case false:
                    return;
                case true:
                    heard = run.Time.GetTimestamp();
                    break;
                // The connection was lost and is made again, the daemon is restarted, or the domain is held by another call.
                case null when run.Time.GetElapsedTime(heard) > (run.Stopping.IsCancellationRequested ? SilenceAfterStop : silence):
                    return; // Both hosts are asked then, and what they say is the outcome, or that it is unknown.
            }
        }
    }
}
