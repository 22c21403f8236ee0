using System.Globalization;

namespace LiveMigration.Tracing;

/// <summary>
/// Sums of counters and histograms, which can be added up, written down and read. What a later version defines with other bounds keeps its
/// count and its sum.
/// </summary>
internal sealed class MetricTotals
{
    private readonly Dictionary<(Metric Metric, MetricLabels Labels), long> _counts = [];
    private readonly Dictionary<(Metric Metric, MetricLabels Labels), TimeTotals> _times = [];

    /// <summary>The counters.</summary>
    internal IEnumerable<(Metric Metric, MetricLabels Labels, long Value)> Counts => _counts.Select(one => (one.Key.Metric, one.Key.Labels, one.Value));

    /// <summary>The histograms.</summary>
    internal IEnumerable<(Metric Metric, MetricLabels Labels, TimeTotals Value)> Times => _times.Select(one => (one.Key.Metric, one.Key.Labels, one.Value));

    internal void Count(Metric metric, long amount, MetricLabels labels) => _counts[(metric, labels)] = _counts.GetValueOrDefault((metric, labels)) + amount;

    internal void Observe(Metric metric, TimeSpan time, MetricLabels labels) => TimesOf(metric, labels).Add(time);

    internal void Add(MetricTotals others)
    {
        foreach (var (metric, labels, value) in others.Counts)
            Count(metric, value, labels);
        foreach (var (metric, labels, value) in others.Times)
            TimesOf(metric, labels).Add(value);
    }

    /// <summary>Each series as a text: <c>livemigration.migrations source=a&amp;destination=b 12</c>.</summary>
    internal IEnumerable<string> Write() =>
    [
        .. Counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Metric.Name} {one.Labels.Text} {one.Value}")),
        .. Times.Select(one => $"{one.Metric.Name} {one.Labels.Text} {one.Value.Write()}"),
    ];

    /// <summary>Reads such texts. A metric that this version does not know is left out.</summary>
    internal static MetricTotals Read(IEnumerable<string> series)
    {
        var totals = new MetricTotals();
        foreach (var parts in series.Select(one => one.Split(' ')).Where(parts => parts.Length >= 3))
        {
            if (MigrationMetrics.All.FirstOrDefault(metric => metric.Name == parts[0]) is not { } metric)
                continue;
            if (metric.Kind is MetricKind.Histogram)
                totals.TimesOf(metric, MetricLabels.Parse(parts[1])).Add(TimeTotals.Read(metric.Bounds, parts[2..]));
            else if (long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                totals.Count(metric, value, MetricLabels.Parse(parts[1]));
        }

        return totals;
    }

    private TimeTotals TimesOf(Metric metric, MetricLabels labels) =>
        _times.TryGetValue((metric, labels), out var times) ? times : _times[(metric, labels)] = new TimeTotals(metric.Bounds);
}
