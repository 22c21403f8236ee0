using LiveMigration.Hypervisors;

namespace LiveMigration.Migration;

/// <summary>What both hosts said in the end, and what it means.</summary>
internal sealed record OutcomeProbe(MigrationVerdict Verdict, GuestPresence Source, GuestPresence Destination)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The source answers and the destination does not.</summary>
    internal bool IsDestinationSilent => this is { Source.IsReachable: true, Destination.IsReachable: false };

    /// <summary>Asks both hosts until the answers make sense together, or the time is up.</summary>
    internal static async Task<OutcomeProbe> ReachAsync(
        IMigrationDriver driver, Func<GuestPresence, GuestPresence, MigrationVerdict> judge, TimeSpan limit, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var asking = driver.LookAsync(Side.Source);
            var there = await driver.LookAsync(Side.Destination).ConfigureAwait(false);
            var here = await asking.ConfigureAwait(false);
            var verdict = judge(here, there);
            if (verdict is not MigrationVerdict.Unsettled || time.GetElapsedTime(started) > limit)
                return new OutcomeProbe(verdict, here, there);
            await Task.Delay(Pause, time).ConfigureAwait(false);
        }
    }
}
