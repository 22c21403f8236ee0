namespace LiveMigration.Monitoring;

/// <summary>How soon to look again: often when the end is near, seldom while gigabytes remain.</summary>
internal static class PollInterval
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    internal static TimeSpan After(MigrationProgress progress)
    {
        if (progress.Phase is not MigrationPhase.Copying || progress.TimeLeft is not { } left)
            return TimeSpan.FromMilliseconds(250);
        return left / 10 < Shortest ? Shortest : left / 10 > Longest ? Longest : left / 10;
    }
}
