using System.Globalization;

namespace LiveMigration.Benchmarks.Dirtying;

/// <summary>
/// The pages that a guest of the lab says it has touched, from the file of its ticks: each line begins with its arrival, by
/// CLOCK_MONOTONIC in microseconds.
/// </summary>
internal sealed class GuestCount(string ticks)
{
    /// <summary>Pages touched between two moments of CLOCK_MONOTONIC, in microseconds.</summary>
    internal double Between(double from, double to)
    {
        var seen = Read();
        return At(seen, to) - At(seen, from);
    }

    private List<(double Time, double Pages)> Read()
    {
        var seen = new List<(double, double)>();
        using var file = new FileStream(ticks, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            // A line that was found late has '~' behind its time, one that is still being written has no end.
            if (line.Split(' ') is [var time, "T", .. var fields, "de=0"] && fields.FirstOrDefault(field => field.StartsWith("pg=", StringComparison.Ordinal)) is { } pages)
                seen.Add((double.Parse(time, CultureInfo.InvariantCulture), double.Parse(pages.AsSpan(3), CultureInfo.InvariantCulture)));
        }

        return seen;
    }

    /// <summary>Between two ticks, the straight line.</summary>
    private static double At(List<(double Time, double Pages)> seen, double time)
    {
        var after = seen.FindIndex(tick => tick.Time >= time);
        if (after < 1)
            throw new InvalidOperationException("The guest's ticks do not reach over the whole measurement.");
        var (left, right) = (seen[after - 1], seen[after]);
        return left.Pages + (right.Pages - left.Pages) * (time - left.Time) / (right.Time - left.Time);
    }
}
