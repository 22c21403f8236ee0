using System.Diagnostics.CodeAnalysis;
using LiveMigration.Units;

namespace LiveMigration.Streams;

/// <summary>What is in a file with the state of a guest, as QEMU or libvirt wrote it.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "The field's word for it.")]
public sealed record MigrationStream
{
    private readonly ItemList<string> _capabilities = ItemList<string>.Empty;
    private readonly ItemList<StreamSection> _sections = ItemList<StreamSection>.Empty;
    private readonly ItemList<RamBlock> _blocks = ItemList<RamBlock>.Empty;
    private readonly ItemList<DirtyBitmap> _bitmaps = ItemList<DirtyBitmap>.Empty;
    private readonly ItemList<StreamCommand> _commands = ItemList<StreamCommand>.Empty;
    private readonly ItemList<DeviceField> _fields = ItemList<DeviceField>.Empty;
    private readonly ItemList<StreamDamage> _damage = ItemList<StreamDamage>.Empty;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>How the RAM was written.</summary>
    public StreamForm Form { get; init; }

    /// <summary>How the stream is compressed as a whole.</summary>
    public StreamCompression Compression { get; init; }

    /// <summary>What libvirt put in front of it; null where it did not.</summary>
    public LibvirtSaveHeader? Libvirt { get; init; }

    /// <summary>The machine type, for example <c>pc-i440fx-10.0</c>; null where the stream does not say.</summary>
    public string? Machine { get; init; }

    /// <summary>The guest's UUID; null where the stream does not say.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Capabilities that the reader must have: <c>mapped-ram</c>, <c>x-ignore-shared</c>.</summary>
    public IReadOnlyList<string> Capabilities { get => _capabilities; init => _capabilities = ItemList<string>.Of(value); }

    /// <summary>The guest's page size in bytes.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Bytes of the stream, decompressed, as far as it was read.</summary>
    public long StreamLength { get; init; }

    /// <summary>Bytes of the guest's memory, video memory and firmware among it.</summary>
    public long Memory => RamBlocks.Sum(block => block.Length);

    /// <summary>The guest's memory.</summary>
    public IReadOnlyList<RamBlock> RamBlocks { get => _blocks; init => _blocks = ItemList<RamBlock>.Of(value); }

    /// <summary>Everything else, in the stream's order, and the RAM's own section.</summary>
    public IReadOnlyList<StreamSection> Sections { get => _sections; init => _sections = ItemList<StreamSection>.Of(value); }

    /// <summary>Bitmaps of disks.</summary>
    public IReadOnlyList<DirtyBitmap> DirtyBitmaps { get => _bitmaps; init => _bitmaps = ItemList<DirtyBitmap>.Of(value); }

    /// <summary>The source's commands to the destination.</summary>
    public IReadOnlyList<StreamCommand> Commands { get => _commands; init => _commands = ItemList<StreamCommand>.Of(value); }

    /// <summary>The fields of the devices that were asked for.</summary>
    public IReadOnlyList<DeviceField> Fields { get => _fields; init => _fields = ItemList<DeviceField>.Of(value); }

    /// <summary>Whether QEMU's own description of the devices stands at the end.</summary>
    public bool HasDescription { get; init; }

    /// <summary>Whether nothing is wrong with it.</summary>
    public bool IsIntact => Damage.Count == 0;

    /// <summary>What is wrong with it, at most 100 findings.</summary>
    public IReadOnlyList<StreamDamage> Damage { get => _damage; init => _damage = ItemList<StreamDamage>.Of(value); }

    /// <summary>The file.</summary>
    public override string ToString() => Path;
}
