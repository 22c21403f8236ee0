using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveMigration.Tests.Metrics;

/// <summary>Reads Prometheus' text format as strictly as its description has it, and knows nothing of the code that writes it.</summary>
internal sealed partial class PrometheusFormat
{
    private readonly HashSet<string> _families = [];
    private string _family = "";
    private string _type = "";
    private bool _described;

    /// <summary>The values by series, as they are written.</summary>
    internal Dictionary<string, double> Series { get; } = [];

    /// <summary>The types by family.</summary>
    internal Dictionary<string, string> Types { get; } = [];

    /// <exception cref="FormatException">It is not in that format.</exception>
    internal static PrometheusFormat Read(string text)
    {
        if (!text.EndsWith('\n') || text.Contains('\r', StringComparison.Ordinal))
            throw new FormatException("The last line has no end, or there is a carriage return.");
        var format = new PrometheusFormat();
        foreach (var line in text[..^1].Split('\n'))
            format.Take(line);
        format.CheckHistograms();
        return format;
    }

    private void Take(string line)
    {
        if (Help().Match(line) is { Success: true } help)
        {
            Require(_families.Add(help.Groups[1].Value), "a family comes twice", line);
            (_family, _type, _described) = (help.Groups[1].Value, "", true);
        }
        else if (Type().Match(line) is { Success: true } type)
        {
            Require(_described && type.Groups[1].Value == _family && _type.Length == 0, "TYPE does not follow HELP", line);
            _type = Types[_family] = type.Groups[2].Value;
            Require(_type == "counter" == _family.EndsWith("_total", StringComparison.Ordinal), "only counters end in _total, and all do", line);
        }
        else if (!line.StartsWith('#'))
        {
            TakeSample(line);
        }
        else
        {
            Require(Comment().IsMatch(line), "it is no comment", line);
        }
    }

    private void TakeSample(string line)
    {
        var sample = Sample().Match(line);
        Require(sample.Success, "it is no sample", line);
        var name = sample.Groups[1].Value;
        Require(_type == "histogram" ? name == $"{_family}_bucket" || name == $"{_family}_sum" || name == $"{_family}_count" : name == _family, "it is not of this family", line);
        string[] labels = [.. sample.Groups[2].Captures.Select(label => label.Value)];
        Require(labels.Distinct().Count() == labels.Length, "a label comes twice", line);
        Require(labels.Contains("le") == name.EndsWith("_bucket", StringComparison.Ordinal), "le is for buckets", line);
        var value = Number(sample.Groups[3].Value);
        Require(_type is not ("counter" or "histogram") || value >= 0, "it is below 0", line);
        Require(Series.TryAdd(line[..line.LastIndexOf(' ')], value), "a series comes twice", line);
    }

    /// <summary>Buckets never fall, the last one is infinite and counts all.</summary>
    private void CheckHistograms()
    {
        var buckets = Series.Where(series => series.Key.Contains("_bucket{", StringComparison.Ordinal))
            .GroupBy(series => Bound().Replace(series.Key, "").Replace("{}", "", StringComparison.Ordinal), series => (Bound: Number(Bound().Match(series.Key).Groups[1].Value), series.Value));
        foreach (var histogram in buckets)
        {
            var all = histogram.ToArray();
            Require(all.SequenceEqual(all.OrderBy(bucket => bucket.Bound)) && all.SequenceEqual(all.OrderBy(bucket => bucket.Value).ThenBy(bucket => bucket.Bound)), "buckets are not in order", histogram.Key);
            var name = histogram.Key.Replace("_bucket", "_count", StringComparison.Ordinal);
            Require(double.IsPositiveInfinity(all[^1].Bound) && Series[name] == all[^1].Value, "the last bucket does not have all", histogram.Key);
            Require(Series.ContainsKey(histogram.Key.Replace("_bucket", "_sum", StringComparison.Ordinal)), "the sum is missing", histogram.Key);
        }

        Require(!Types.ContainsValue("histogram") || buckets.Any(), "a histogram has no buckets", "");
    }

    private static double Number(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void Require(bool holds, string problem, string line)
    {
        if (!holds)
            throw new FormatException($"{problem}: {line}");
    }

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("^# (?!HELP|TYPE).+$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\\\|\\"|\\n)*"(?:,(?!\})|(?=\})))+\})? (\+Inf|-?[0-9.]+(?:E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex(""",?le="([^"]+)" ?""")]
    private static partial Regex Bound();
}
