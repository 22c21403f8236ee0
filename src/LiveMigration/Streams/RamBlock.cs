namespace LiveMigration.Streams;

/// <summary>A block of the guest's memory, and what of it is in the stream.</summary>
/// <param name="Name">QEMU's name for it, for example <c>pc.ram</c>.</param>
/// <param name="Length">Bytes of memory.</param>
public sealed record RamBlock(string Name, long Length)
{
    /// <summary>Pages that are sent as a mark that they are zero; of a mapped-ram file, pages that are not there.</summary>
    public long Zero { get; init; }

    /// <summary>Pages that are sent whole.</summary>
    public long Normal { get; init; }

    /// <summary>Pages of which only the changes are sent.</summary>
    public long Xbzrle { get; init; }

    /// <summary>Pages that are sent compressed one by one (the capability <c>compress</c>, up to QEMU 9.0).</summary>
    public long Compressed { get; init; }

    /// <summary>Pages that never came; null where they are too many to be counted.</summary>
    public long? Missing { get; init; }

    /// <summary>How often a page came that had come before; null where they are too many to be counted.</summary>
    public long? Resent { get; init; }

    /// <summary>The size of its pages in bytes where post-copy has it sent; null otherwise.</summary>
    public long? HostPageSize { get; init; }

    /// <summary>Where it begins in the guest's memory, in bytes, where <c>x-ignore-shared</c> has it sent; null otherwise.</summary>
    public long? Address { get; init; }

    /// <summary>Where its pages begin in a mapped-ram file; null otherwise, and for a block that was left out.</summary>
    public long? PagesOffset { get; init; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
