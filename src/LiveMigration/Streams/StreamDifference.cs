namespace LiveMigration.Streams;

/// <summary>Something in which two streams differ.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Name">Of what: a section, a field of one, a RAM block; empty where it is of the stream as a whole.</param>
/// <param name="Reference">What the first stream has; null where it has nothing there.</param>
/// <param name="Difference">What the second stream has; null where it has nothing there.</param>
public sealed record StreamDifference(StreamDifferenceKind Kind, string Name, string? Reference, string? Difference)
{
    /// <summary>All of it in a line.</summary>
    public override string ToString() => $"{Kind} {Name}: {Reference ?? "nothing"} → {Difference ?? "nothing"}";
}
