namespace LiveMigration.Domains.DirtyPages;

/// <summary>Over which periods a dirty curve is measured.</summary>
internal static class CurvePeriods
{
    /// <summary>The first one again: a guest that does the same all the time gives the same number.</summary>
    private static readonly TimeSpan[] Seconds = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)];

    /// <summary>What is dirtied in the downtime and in the short passes at the end.</summary>
    private static readonly TimeSpan[] Short = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)];

    /// <summary>Up to the length of the first pass, and a minute at most, as QEMU measures no longer.</summary>
    /// <param name="firstPass">How long all memory takes; null where that is not known.</param>
    /// <param name="milliseconds">Whether periods below a second can be measured.</param>
    internal static IReadOnlyList<TimeSpan> Choose(TimeSpan? firstPass, bool milliseconds)
    {
        TimeSpan[] longer = firstPass?.TotalSeconds switch
        {
            > 40 => [TimeSpan.FromSeconds(60)],
            > 15 => [TimeSpan.FromSeconds(30)],
            _ => [],
        };
        return milliseconds ? [.. Short, .. Seconds, .. longer, .. Short] : [.. Seconds, .. longer];
    }
}
