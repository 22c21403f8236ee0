using System.Diagnostics.Metrics;
using LiveMigration.Tracing;

namespace LiveMigration.Migration;

/// <summary>The gauges of migrations under way.</summary>
internal static class RunGauges
{
    /// <summary>Has the meter offer them.</summary>
    /// <param name="current">Those under way.</param>
    internal static void Offer(Func<IEnumerable<MigrationRun>> current)
    {
        MigrationMetrics.Gauge(MigrationMetrics.Running, () => [new Measurement<double>(current().Count())]);
        foreach (var (metric, read) in Each)
        {
            MigrationMetrics.Gauge(metric, () => current()
                .Select(run => (Labels: LabelsOf(run), Value: read(run)))
                .Where(one => one.Value is not null)
                .Select(one => new Measurement<double>(one.Value!.Value, one.Labels.ToTags())));
        }
    }

    /// <summary>Those of one migration; what is not known is not among them.</summary>
    internal static IEnumerable<(Metric Metric, MetricLabels Labels, double Value)> Of(MigrationRun run) =>
        Each.Select(one => (one.Metric, LabelsOf(run), one.Read(run))).Where(one => one.Item3 is not null).Select(one => (one.Metric, one.Item2, one.Item3!.Value));

    private static (Metric Metric, Func<MigrationRun, double?> Read)[] Each =>
    [
        (MigrationMetrics.Progress, run => run.Progress.Percent / 100.0),
        (MigrationMetrics.Sent, run => run.Progress.Transferred),
        (MigrationMetrics.Remaining, run => run.Progress.Remaining),
        (MigrationMetrics.Rate, run => run.Progress.Rate),
        (MigrationMetrics.DirtyRate, run => run.Progress.DirtyRate),
        (MigrationMetrics.Elapsed, run => run.Elapsed.TotalSeconds),
        (MigrationMetrics.TimeLeft, run => run.Progress.TimeLeft?.TotalSeconds),
        (MigrationMetrics.ExpectedDowntime, run => run.Progress.ExpectedDowntime?.TotalSeconds),
        (MigrationMetrics.Throttle, run => run.Progress.Throttle / 100.0),
        (MigrationMetrics.Iteration, run => run.Progress.Iteration),
    ];

    private static MetricLabels LabelsOf(MigrationRun run) => MetricLabels.Of(("vm", run.Name), ("source", run.Source), ("destination", run.Destination));
}
