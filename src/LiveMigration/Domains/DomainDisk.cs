namespace LiveMigration.Domains;

/// <summary>A disk of a domain, as its definition has it.</summary>
public sealed record DomainDisk
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The name in the guest, for example <c>vda</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The bus, for example <c>virtio</c>.</summary>
    public string? Bus { get; init; }

    /// <summary><c>disk</c>, <c>cdrom</c>, <c>floppy</c> or <c>lun</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The kind of source: <c>file</c>, <c>block</c>, <c>network</c>, <c>volume</c>, …</summary>
    public required string Type { get; init; }

    /// <summary>The image's format, for example <c>qcow2</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The path, URL or pool and volume; null for an empty drive, and for an NVMe device, which has none.</summary>
    public string? Source { get; init; }

    /// <summary>The image and what it is read from besides: data files and backing files, topmost first; empty for an empty drive.</summary>
    internal IReadOnlyList<DiskSource> Chain { get; init; } = [];

    /// <summary>Where its data is.</summary>
    internal DiskSource Image => Chain.Count > 0 ? Chain[0] : new DiskSource(Type) { Path = Source };

    /// <summary>The image below this one, when the definition names one.</summary>
    public string? BackingFile { get; init; }

    /// <summary>QEMU's cache mode, when set.</summary>
    public string? Cache { get; init; }

    /// <summary>Whether its image is encrypted, and QEMU has the key.</summary>
    internal bool Encrypted { get; init; }

    /// <summary>With what, where libvirt can create another image like it.</summary>
    internal DiskEncryption? Encryption { get; init; }

    /// <summary>Whether an image below it is encrypted.</summary>
    internal bool LiesOnEncrypted { get; init; }

    /// <summary>Whether the guest cannot write to it.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Whether several domains may write to it at the same time.</summary>
    public required bool Shareable { get; init; }

    /// <summary>Whether the guest can eject it.</summary>
    public bool Removable => Device is "cdrom" or "floppy";

    /// <summary>Whether libvirt ejects the medium where a migration does not find it (<c>startupPolicy</c> optional or requisite).</summary>
    internal bool IsDispensable { get; init; }

    /// <summary>The virtual size in bytes; null where the host does not report it.</summary>
    public long? Capacity { get; init; }

    /// <summary>Who can reach it.</summary>
    public required StorageAccess Access { get; init; }

    /// <summary>The fact that this is based on.</summary>
    public required string Evidence { get; init; }

    /// <summary>The name in the guest.</summary>
    public override string ToString() => Target;
}
