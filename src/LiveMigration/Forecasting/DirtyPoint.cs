using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>How much of its memory a guest dirties in a period: one point of its dirty curve.</summary>
/// <param name="Period">The length of the period, more than 0.</param>
/// <param name="Dirtied">Different bytes dirtied in it.</param>
/// <param name="StandardError">The standard error of <paramref name="Dirtied"/>, in bytes; null where the number is exact or its error is not known.</param>
public readonly record struct DirtyPoint(TimeSpan Period, long Dirtied, long? StandardError = null)
{
    /// <summary>For example <c>34 MiB in 300 ms</c>.</summary>
    public override string ToString() => $"{new ByteSize(Dirtied)} in {new Duration(Period)}";
}
