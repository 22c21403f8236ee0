using LiveMigration.Tracing;

namespace LiveMigration.Metrics;

/// <summary>The value of one series.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">The value; of a histogram its sum.</param>
/// <param name="Times">The counts of a histogram; null for others.</param>
internal sealed record MetricSample(Metric Metric, MetricLabels Labels, double Value, TimeTotals? Times = null);
