namespace LiveMigration.Storage;

/// <summary>What a user asks of a migration's disks.</summary>
public sealed record StorageOptions
{
    /// <summary>Each disk is looked at, and what only the source has is copied.</summary>
    public static readonly StorageOptions Default = new();

    /// <summary>Whether disks are copied; null finds out which have to be, and how.</summary>
    public CopyStorage? Copy { get; init; }

    /// <summary>The disks that may be copied, by target name; all when empty.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>Disks of which the user says that both hosts reach the same data, by target name: believed where nothing proves the contrary.</summary>
    public IReadOnlyList<string> AssumeShared { get; init; } = [];

    /// <summary>Disks whose internal snapshots may be lost, by target name: their images on the source are removed, renamed or, on the way back, replaced like others.</summary>
    public IReadOnlyList<string> AllowLosingSnapshots { get; init; } = [];

    /// <summary>A write of the guest ends only when it is on both sides: the copy cannot fall behind (libvirt 8.0).</summary>
    public bool SynchronousWrites { get; init; }

    /// <summary>How backing files are compared. Only a difference that was looked for everywhere is known not to be there: less is asked for by name.</summary>
    public BaseCheck BaseCheck { get; init; }

    /// <summary>Start or define the pool on the destination for the images.</summary>
    public bool AllowPoolSetup { get; init; }

    /// <summary>Copy although the destination has less space than the disks may use later.</summary>
    public bool AllowOvercommit { get; init; }

    /// <summary>Images are made and no domain moves: nothing is left behind.</summary>
    public bool ImagesOnly { get; init; }

    /// <summary>Whether it is said of many domains, of which some may have nothing to copy.</summary>
    internal bool IsForMany { get; init; }

    /// <summary>What happens to the images on the source when the domain has moved onto copies.</summary>
    public SourceDisk SourceDisk { get; init; }

    /// <summary>Whether the internal snapshots of that disk may be lost.</summary>
    internal bool MayLoseSnapshots(string target) => AllowLosingSnapshots.Contains(target);

    /// <summary>What differs from the defaults, for example <c>Copy Full, Disks vda,vdb</c>.</summary>
    public override string ToString() => string.Join(", ", Given());

    private IEnumerable<string> Given()
    {
        if (Copy is { } copy)
            yield return $"CopyStorage {copy}";
        if (Disks.Count > 0)
            yield return $"Disk {string.Join(',', Disks)}";
        if (AssumeShared.Count > 0)
            yield return $"AssumeShared {string.Join(',', AssumeShared)}";
        if (AllowLosingSnapshots.Count > 0)
            yield return $"AllowLosingSnapshots {string.Join(',', AllowLosingSnapshots)}";
        if (SynchronousWrites)
            yield return "SynchronousWrites";
        if (BaseCheck is not BaseCheck.Full)
            yield return $"BaseCheck {BaseCheck}";
        if (AllowPoolSetup)
            yield return "AllowPoolSetup";
        if (AllowOvercommit)
            yield return "AllowStorageOvercommit";
        if (ImagesOnly)
            yield return "ImagesOnly";
        if (SourceDisk is not SourceDisk.Keep)
            yield return $"SourceDisk {SourceDisk}";
    }
}
