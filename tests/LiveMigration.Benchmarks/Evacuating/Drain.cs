namespace LiveMigration.Benchmarks.Evacuating;

/// <summary>All guests moved once, by one contestant.</summary>
/// <param name="Seconds">From the order to the last result.</param>
/// <param name="Blackout">The longest gap between ticks of each guest, in milliseconds, added up.</param>
/// <param name="Bytes">What the source's interface sent meanwhile.</param>
internal sealed record Drain(double Seconds, double Blackout, long Bytes);
