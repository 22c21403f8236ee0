using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>A saved state of a guest. It belongs to the guest's disks as they were when it was saved.</summary>
public sealed record SavedState
{
    private readonly ItemList<SavedDisk> _disks = ItemList<SavedDisk>.Empty;

    /// <summary>The guest.</summary>
    public required string Name { get; init; }

    /// <summary>The host where QEMU runs, and the file is.</summary>
    public required string HostName { get; init; }

    /// <summary>The file; null where a command took the state elsewhere.</summary>
    public string? Path { get; init; }

    /// <summary>The guest's UUID; all zero where it has none.</summary>
    public Guid Uuid { get; init; }

    /// <summary>The machine type with its version.</summary>
    public string? Machine { get; init; }

    /// <summary>The version of the QEMU that saved it.</summary>
    public Version? QemuVersion { get; init; }

    /// <summary>When: the state is of this instant.</summary>
    public DateTimeOffset SaveTime { get; init; }

    /// <summary>Whether the guest ran then: it runs again when it is restored.</summary>
    public bool WasRunning { get; init; }

    /// <summary>Whether it went on while its state was saved.</summary>
    public bool Live { get; init; }

    /// <summary>Bytes of the file; null where there is none.</summary>
    public long? Length { get; init; }

    /// <summary>Bytes of QEMU's stream; null where it was not read.</summary>
    public long? StreamLength { get; init; }

    /// <summary>SHA-256 of the file, or of what the command was given, in hexadecimal digits: taken while it was written.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How it is compressed.</summary>
    public StateCompression Compression { get; init; }

    /// <summary>How it is encrypted.</summary>
    public StateEncryption Encryption { get; init; }

    /// <summary>Whether a command of the user's has changed it last, which another one has to undo.</summary>
    public bool HasCommand { get; init; }

    /// <summary>Whether each page has a place of its own in the file (<c>mapped-ram</c>).</summary>
    public bool MappedRam { get; init; }

    /// <summary>Whether it was read back to its end after it was written, and found whole.</summary>
    public bool Verified { get; init; }

    /// <summary>The guest's disks, but those that it only reads.</summary>
    public IReadOnlyList<SavedDisk> Disks { get => _disks; init => _disks = ItemList<SavedDisk>.Of(value); }

    /// <summary>How long the guest did not run for it; until it was saved where it was not to go on. Null where it did not run before.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>How long it took, reading it back included; null of what was saved before.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>QEMU's run state afterwards; null where QEMU was ended.</summary>
    public string? State { get; init; }

    /// <summary>The guest.</summary>
    public override string ToString() => Name;
}
