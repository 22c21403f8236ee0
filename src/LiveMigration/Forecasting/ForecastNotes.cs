using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>What a forecast has to assume, in words.</summary>
internal static class ForecastNotes
{
    /// <summary>So many times beyond what was measured, a curve is a guess.</summary>
    private const double Reach = 1.5;

    /// <summary>80 % of what is measured is off by no more than so many standard errors.</summary>
    private const double Band = 1.28;

    internal static IEnumerable<string> Of(DirtyCurve curve, ForecastTerms terms, TimeSpan downtime, double probability)
    {
        var (shortest, longest) = (curve.Points[0].Period, curve.Points[^1].Period);
        var firstPass = TimeSpan.FromSeconds(Math.Min(curve.Memory, terms.MemoryInUse ?? curve.Memory) / (double)terms.Bandwidth.BytesPerSecond);
        if (terms.Learned is { } learned)
            yield return learned;
        if (shortest > Reach * downtime)
            yield return $"What the VM changes in {new Duration(downtime)} is extrapolated: the shortest period measured is {new Duration(shortest)}.";
        if (firstPass > Reach * longest)
            yield return $"What the VM changes during the first pass ({new Duration(firstPass)}) is extrapolated: the longest period measured is {new Duration(longest)}.";
        if (probability is > 0.05 and < 0.95 && Ends(curve.Shift(-Band)) != Ends(curve.Shift(Band)))
            yield return "Whether it converges is within the sampling error of the measurement: measure again, longer, or with -AllowMonitor, which samples more pages.";
        if (!curve.IsSteady)
            yield return "The VM changed different amounts of memory when a period was measured again: its load is not steady.";

        bool Ends(DirtyCurve one) => one.After(downtime.TotalSeconds) <= terms.Bandwidth.BytesPerSecond * downtime.TotalSeconds;
    }
}
