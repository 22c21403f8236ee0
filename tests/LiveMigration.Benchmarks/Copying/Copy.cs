namespace LiveMigration.Benchmarks.Copying;

/// <summary>One migration with its disk.</summary>
/// <param name="Seconds">From the order to the result.</param>
/// <param name="Bytes">What the source's interface sent meanwhile.</param>
internal sealed record Copy(double Seconds, long Bytes);
