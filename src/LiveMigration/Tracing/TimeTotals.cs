using System.Globalization;

namespace LiveMigration.Tracing;

/// <summary>Times by the bounds that they did not exceed. Sums are whole milliseconds, so that they are the same in whatever order they are added.</summary>
/// <param name="bounds">The bounds in seconds, ascending.</param>
internal sealed class TimeTotals(IReadOnlyList<double> bounds)
{
    /// <summary>How many were above the bound before and not above this one; the last is for those above all.</summary>
    private readonly long[] _counts = new long[bounds.Count + 1];

    /// <summary>How many.</summary>
    internal long Count { get; private set; }

    /// <summary>Their sum in milliseconds.</summary>
    internal long Milliseconds { get; private set; }

    /// <summary>How many did not exceed each bound; the last bound is infinite.</summary>
    internal IEnumerable<(double Bound, long Count)> Cumulative
    {
        get
        {
            var sum = 0L;
            for (var at = 0; at < _counts.Length; at++)
                yield return (at < bounds.Count ? bounds[at] : double.PositiveInfinity, sum += _counts[at]);
        }
    }

    internal void Add(TimeSpan time) => Add(time.TotalSeconds, 1, (long)time.TotalMilliseconds);

    internal void Add(TimeTotals others)
    {
        for (var at = 0; at < _counts.Length; at++)
            _counts[at] += others._counts[at];
        (Count, Milliseconds) = (Count + others.Count, Milliseconds + others.Milliseconds);
    }

    /// <summary>The sum, and the counts by their bounds: <c>7215 5=1 10=3 +Inf=1</c>.</summary>
    internal string Write() => string.Join(' ',
    [
        Milliseconds.ToString(CultureInfo.InvariantCulture),
        .. _counts.Select((count, at) => (count, at)).Where(one => one.count > 0)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{(one.at < bounds.Count ? bounds[one.at].ToString(CultureInfo.InvariantCulture) : "+Inf")}={one.count}")),
    ]);

    internal static TimeTotals Read(IReadOnlyList<double> bounds, string[] parts)
    {
        var totals = new TimeTotals(bounds);
        foreach (var pair in parts.Skip(1).Select(part => part.Split('=')))
        {
            var bound = pair[0] == "+Inf" ? double.PositiveInfinity : double.TryParse(pair[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var known) ? known : double.NaN;
            if (pair.Length == 2 && !double.IsNaN(bound) && long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                totals.Add(bound, count, 0);
        }

        totals.Milliseconds = long.TryParse(parts.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var sum) ? sum : 0;
        return totals;
    }

    private void Add(double seconds, long count, long milliseconds)
    {
        var at = 0;
        while (at < bounds.Count && seconds > bounds[at])
            at++;
        _counts[at] += count;
        (Count, Milliseconds) = (Count + count, Milliseconds + milliseconds);
    }
}
