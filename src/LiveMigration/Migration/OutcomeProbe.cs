using LiveMigration.Hypervisors;

namespace LiveMigration.Migration;

/// <summary>What both hosts said in the end, and what it means.</summary>
internal sealed record OutcomeProbe(MigrationVerdict Verdict, GuestPresence Source, GuestPresence Destination)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The source answers and the destination does not.</summary>
    internal bool IsDestinationSilent => this is { Source.IsReachable: true, Destination.IsReachable: false };

    /// <summary>Asks both hosts until the answers make sense together, or the time is up.</summary>
    /// <param name="driver">How they are asked.</param>
    /// <param name="judge">What both answers mean.</param>
    /// <param name="over">Whether the migration is known to have ended. Where it is not, the source has to say so before a guest counts as stayed.</param>
    /// <param name="limit">The time.</param>
    /// <param name="time">Its clock.</param>
    internal static async Task<OutcomeProbe> ReachAsync(
        IMigrationDriver driver, Func<GuestPresence, GuestPresence, MigrationVerdict> judge, bool over, TimeSpan limit, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var asking = driver.LookAsync(Side.Source);
            var there = await driver.LookAsync(Side.Destination).ConfigureAwait(false);
            var here = await asking.ConfigureAwait(false);
            var verdict = judge(here, there);
            if (!over && verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)
            {
                over = await driver.IsUnderWayAsync().ConfigureAwait(false) is false;
                if (over)
                    continue; // What was seen before its end may have changed with it.
                verdict = MigrationVerdict.Unsettled;
            }

            if (verdict is not MigrationVerdict.Unsettled || time.GetElapsedTime(started) > limit)
                return new OutcomeProbe(verdict, here, there);
            await Task.Delay(Pause, time).ConfigureAwait(false);
        }
    }
}
