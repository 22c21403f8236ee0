namespace LiveMigration.Forecasting;

/// <summary>Pages that a guest writes equally often, each independently of the others (a Poisson process).</summary>
/// <param name="Bytes">How much memory they are.</param>
/// <param name="Rate">How often each is written, per second; 0 for pages that are not written.</param>
internal readonly record struct PageClass(double Bytes, double Rate)
{
    /// <summary>The share of them that was written at least once after so many seconds.</summary>
    internal double Written(double seconds) => 1 - Math.Exp(-Rate * seconds);
}
