namespace LiveMigration.Streams.Descriptions;

/// <summary>A field as QEMU describes it behind the stream.</summary>
internal sealed class FieldDescription
{
    internal string Name { get; set; } = "";

    internal string Type { get; set; } = "";

    /// <summary>Bytes of it; of one element where <see cref="Count"/> is given.</summary>
    internal long Size { get; set; }

    /// <summary>How many elements are alike; null where it is no array.</summary>
    internal long? Count { get; set; }

    /// <summary>Which element of an array it is; null where it is none.</summary>
    internal long? Index { get; set; }

    /// <summary>What is in it: of a structure one, of a list as many as it has elements.</summary>
    internal List<StateDescription> Parts { get; } = [];

    /// <summary>Bytes of all of it, at most <see cref="StateDescription.Longest"/>.</summary>
    internal long Total => (long)UInt128.Min((UInt128)(ulong)Size * (ulong)(Count ?? 1), StateDescription.Longest);
}
