using System.Globalization;
using System.Text;
using LiveMigration.Tracing;

namespace LiveMigration.Metrics;

/// <summary>Prometheus' text exposition format, version 0.0.4.</summary>
public static class PrometheusText
{
    /// <summary>The first line of a file that this module has made.</summary>
    public const string FirstLine = "# Written by Export-MigrationMetric of LiveMigration. It is replaced as a whole.";

    /// <summary>The counters of an earlier text that are smaller in a later one, or missing. Prometheus takes that for a restart of the counter.</summary>
    /// <param name="earlier">The earlier text.</param>
    /// <param name="later">The later text.</param>
    /// <returns>For each what it was and is, for example <c>livemigration_migrations_total{…} (12, now 11)</c>.</returns>
    public static IReadOnlyList<string> SmallerCounters(string earlier, string later)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        var now = Counters(later).DistinctBy(one => one.Series).ToDictionary(one => one.Series, one => one.Value, StringComparer.Ordinal);
        return [.. Counters(earlier)
            .Where(was => now.GetValueOrDefault(was.Series) < was.Value)
            .Select(was => string.Create(CultureInfo.InvariantCulture, $"{was.Series} ({was.Value}, now {now.GetValueOrDefault(was.Series)})"))];
    }

    internal static string Write(IEnumerable<MetricSample> samples)
    {
        var text = new StringBuilder().Append(FirstLine).Append('\n');
        foreach (var family in samples.GroupBy(sample => sample.Metric))
        {
            var name = family.Key.PrometheusName;
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Key.Description, quoted: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(MetricLabels.Word(family.Key.Kind)).Append('\n');
            foreach (var sample in family)
                Append(text, name, sample);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, MetricSample sample)
    {
        if (sample.Times is not { } times)
        {
            Line(text, name, sample.Labels, null, sample.Value);
            return;
        }

        foreach (var (bound, count) in times.Cumulative)
            Line(text, $"{name}_bucket", sample.Labels, Number(bound), count);
        Line(text, $"{name}_sum", sample.Labels, null, sample.Value);
        Line(text, $"{name}_count", sample.Labels, null, times.Count);
    }

    private static void Line(StringBuilder text, string name, MetricLabels labels, string? bound, double value)
    {
        var all = labels.All.Append((Name: "le", Value: bound ?? "")).Where(label => label.Name != "le" || bound is not null).Select(label => $"{label.Name}=\"{Escape(label.Value, quoted: true)}\"").ToArray();
        text.Append(name);
        if (all.Length > 0)
            text.Append('{').AppendJoin(',', all).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escape(string text, bool quoted)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quoted ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The series of counters, and the counts of histograms.</summary>
    private static IEnumerable<(string Series, double Value)> Counters(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var end = line.LastIndexOf(' ');
            if (end < 0 || line[0] == '#' || !double.TryParse(line[(end + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                continue;
            var name = line[..Math.Max(line.IndexOfAny(['{', ' ']), 0)];
            if (name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal))
                yield return (line[..end], value);
        }
    }
}
