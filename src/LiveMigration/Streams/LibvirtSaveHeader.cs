namespace LiveMigration.Streams;

/// <summary>What libvirt puts in front of a stream in a file of <c>virsh save</c>, <c>virsh managedsave</c> and external memory snapshots.</summary>
/// <param name="Version">The header's version, 1 or 2.</param>
/// <param name="Format">How the stream is stored: <c>raw</c>, <c>gzip</c>, <c>bzip2</c>, <c>xz</c>, <c>lzop</c>, <c>zstd</c> or <c>sparse</c>.</param>
public sealed record LibvirtSaveHeader(int Version, string Format)
{
    /// <summary>Whether libvirt had finished writing it.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Whether the guest ran when it was saved, and runs when it is restored.</summary>
    public bool WasRunning { get; init; }

    /// <summary>The name of the domain; null where its definition cannot be read.</summary>
    public string? Domain { get; init; }

    /// <summary>The UUID of the domain; null where its definition cannot be read.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The domain's definition, XML.</summary>
    public string Definition { get; init; } = "";

    /// <summary>What libvirt keeps beside the definition, XML; null where there is none.</summary>
    public string? Cookie { get; init; }

    /// <summary>Where the stream begins, in bytes.</summary>
    public long StreamOffset { get; init; }

    /// <summary>Domain and format.</summary>
    public override string ToString() => $"{Domain ?? "?"} ({Format})";
}
