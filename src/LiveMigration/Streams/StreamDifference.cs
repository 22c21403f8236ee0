namespace LiveMigration.Streams;

/// <summary>Something in which two streams differ.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Name">Of what: a section, a field of one, a RAM block; empty where it is of the stream as a whole.</param>
/// <param name="Reference">What the first stream has; null where it has nothing there.</param>
/// <param name="Difference">What the second stream has; null where it has nothing there.</param>
public sealed record StreamDifference(StreamDifferenceKind Kind, string Name, string? Reference, string? Difference)
{
    /// <summary>Of a RAM block, how many pages differ; null otherwise, and where that could not be compared.</summary>
    public long? Pages { get; init; }

    /// <summary>Of a RAM block, where the first differing byte is in it; null otherwise, and where that could not be compared.</summary>
    public long? Offset { get; init; }

    /// <summary>All of it in a line.</summary>
    public override string ToString() => $"{Kind} {Name}: {Reference ?? "nothing"} → {Difference ?? "nothing"}{(Pages is { } pages ? $" ({pages} pages, the first difference at {Offset})" : "")}";
}
