namespace LiveMigration.Benchmarks.Measuring;

/// <summary>What is to be said of a few samples on a machine that does other things too.</summary>
internal static class Samples
{
    internal static double Median(IEnumerable<double> samples) => Quantile(samples, 0.5);

    /// <summary>Between two samples, the straight line.</summary>
    internal static double Quantile(IEnumerable<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }
}
