using LiveMigration.Planning;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.History;

/// <summary>A migration that has ended → what counters and histograms have of it: the same for the meter of this process and for the history.</summary>
internal static class MigrationCounting
{
    /// <summary>What its own process wrote counts in the place of what a watching one wrote; after this time it is there, if it comes at all.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>Counts one to the meter.</summary>
    internal static void Count(MigrationResult result)
    {
        Count(
            result.Outcome, result.Source, result.Destination, result.Mode, result.Transferred, result.Fault?.Id, result.TotalTime, result.Downtime, result.PostCopy,
            (metric, amount, labels) => MigrationMetrics.Count(metric, amount, labels.ToTags()), (metric, time, labels) => MigrationMetrics.Observe(metric, time, labels.ToTags()));
    }

    /// <summary>Adds those up that are settled: a sum that was exported must not become smaller.</summary>
    internal static MetricTotals Of(IEnumerable<MigrationRecord> records, DateTimeOffset now)
    {
        var totals = new MetricTotals();
        foreach (var record in records.Where(record => !record.IsForeign || record.StartTime + record.TotalTime + Settled <= now))
        {
            Count(
                record.Outcome, record.Source, record.Destination, record.Mode, record.Transferred, record.ErrorId, record.TotalTime, record.Downtime, record.PostCopy,
                (metric, amount, labels) => totals.Count(metric, amount, labels), totals.Observe);
        }

        return totals;
    }

    private static void Count(
        MigrationOutcome outcome, string source, string? destination, MigrationMode? mode, long? transferred, string? error, TimeSpan time, TimeSpan? downtime, bool postCopy,
        Action<Metric, long, MetricLabels> count, Action<Metric, TimeSpan, MetricLabels> observe)
    {
        var ended = MetricLabels.Word(outcome);
        count(MigrationMetrics.Migrations, 1, MetricLabels.Of(("outcome", ended), ("source", source), ("destination", destination), ("mode", mode is { } who ? MetricLabels.Word(who) : null)));
        observe(MigrationMetrics.Duration, time, MetricLabels.Of(("outcome", ended)));
        if (transferred is > 0 and var bytes)
            count(MigrationMetrics.Transferred, bytes, MetricLabels.Of(("source", source), ("destination", destination)));
        if (outcome is MigrationOutcome.Failed)
            count(MigrationMetrics.Failures, 1, MetricLabels.Of(("error", error)));
        if (outcome is MigrationOutcome.Completed && downtime is { } paused)
            observe(MigrationMetrics.Downtime, paused, MetricLabels.Of(("post_copy", postCopy ? "true" : "false")));
    }
}
