namespace LiveMigration.Forecasting;

/// <summary>Random numbers of a normal distribution.</summary>
internal static class RandomNormal
{
    /// <summary>A number of the standard normal distribution (Box–Muller).</summary>
    internal static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
