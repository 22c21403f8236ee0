namespace LiveMigration.Streams;

/// <summary>A section of a stream: the state of a device, or of what is sent while the guest runs, its RAM for one.</summary>
/// <param name="Name">QEMU's name for it: the device's path and kind, for example <c>0000:00:02.0/virtio-net</c>, or the kind alone.</param>
/// <param name="InstanceId">Tells sections with the same name apart, for example CPUs.</param>
/// <param name="Version">The version of its format.</param>
/// <param name="Id">The number under which its parts are found in this stream; another stream may number them otherwise.</param>
public sealed record StreamSection(string Name, long InstanceId, long Version, long Id)
{
    /// <summary>Whether it was sent in parts while the guest ran.</summary>
    public bool IsLive { get; init; }

    /// <summary>Where its record begins, in bytes from the start of the file, or of the decompressed stream where the file is compressed.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of its state, without the records' headers and footers; of all parts.</summary>
    public long Length { get; init; }

    /// <summary>How many records it came in: 1 for a device.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Whether the length is only where the next section was found, as nothing in the stream says how long the state is.</summary>
    public bool IsLengthFound { get; init; }

    /// <summary>Name and instance, as <c>cpu[1]</c>; the name alone for the first instance.</summary>
    public string Title => InstanceId == 0 ? Name : $"{Name}[{InstanceId}]";

    /// <summary>Name and instance.</summary>
    public override string ToString() => Title;
}
