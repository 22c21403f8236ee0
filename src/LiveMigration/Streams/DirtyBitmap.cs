namespace LiveMigration.Streams;

/// <summary>A bitmap of changed blocks of a disk that goes with the guest.</summary>
/// <param name="Node">The disk's node, or its alias.</param>
/// <param name="Name">The bitmap's name.</param>
/// <param name="Granularity">Bytes that a bit stands for.</param>
public sealed record DirtyBitmap(string Node, string Name, long Granularity)
{
    /// <summary>Whether QEMU keeps it up to date.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Whether it is kept in the image.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Whether all of it is in the stream.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Node and name.</summary>
    public override string ToString() => $"{Node}/{Name}";
}
