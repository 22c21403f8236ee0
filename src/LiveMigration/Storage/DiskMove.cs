using LiveMigration.Domains;
using LiveMigration.Units;

namespace LiveMigration.Storage;

/// <summary>What a migration does with one disk.</summary>
public sealed record DiskMove
{
    /// <summary>The name in the guest, for example <c>vda</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Who can reach it.</summary>
    public required StorageAccess Access { get; init; }

    /// <summary>The fact that this is based on.</summary>
    public required string Evidence { get; init; }

    /// <summary>What of it travels.</summary>
    public required DiskTransfer Transfer { get; init; }

    /// <summary>The image on the source; null for an empty drive.</summary>
    public string? Source { get; init; }

    /// <summary>The image on the destination.</summary>
    public string? Destination { get; init; }

    /// <summary>The image's format.</summary>
    public string? Format { get; init; }

    /// <summary>The virtual size in bytes; null where the host does not report it.</summary>
    public long? Capacity { get; init; }

    /// <summary>About how many bytes are sent: what the image uses now; null where the host does not report it.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether the image on the destination has to be made first.</summary>
    public bool MakesImage { get; init; }

    /// <summary>Whether the destination is a device that is larger than the disk.</summary>
    internal bool TakesPart { get; init; }

    /// <summary>What happens to the images on the source when the domain has moved onto the copy.</summary>
    public SourceDisk SourceDisk { get; init; }

    /// <summary>The image on the source, as its host's storage driver sees it.</summary>
    internal Volume? SourceVolume { get; init; }

    /// <summary>What the domain left there when it moved away, which is removed first.</summary>
    internal Volume? Replaced { get; init; }

    /// <summary>What the image holds and its copy will not; null where that is nothing.</summary>
    internal string? Loses { get; init; }

    /// <summary>What the image on the source says of itself; null where it is no qcow2.</summary>
    internal Images.Qcow2Header? Header { get; init; }

    /// <summary>With what the image that is to be made is encrypted; null where it is not.</summary>
    internal DiskEncryption? Encryption { get; init; }

    /// <summary>What lies below the image that is to be made.</summary>
    internal BackingLayer? Backing { get; init; }

    /// <summary>The destination's pool that is to hold the image.</summary>
    internal PoolFacts? Pool { get; init; }

    /// <summary>The permissions of the image's folder on the source, for one that has to be made; null where they are not known.</summary>
    internal string? FolderMode { get; init; }

    /// <summary>For example <c>vda: 12 MiB are copied from /a/web.qcow2 to /b/web.qcow2, which is made</c>.</summary>
    public override string ToString() => Transfer switch
    {
        DiskTransfer.None => $"{Target}: {Source ?? "an empty drive"} is not copied ({Evidence.TrimEnd('.')})",
        _ => $"{Target}: {Amount} {(Transfer is DiskTransfer.Incremental ? "on top of the backing file " : "")}are copied from {Source} to {Destination}, which is {(Replaced is not null ? "created in place of the image that the VM left there" : MakesImage ? "created" : "overwritten")}{(Encryption is null ? "" : ", encrypted")}{Afterwards}",
    };

    /// <summary>How much is sent, in words.</summary>
    internal string Amount => Bytes is { } bytes ? $"{new ByteSize(bytes)}" : "an unknown number of bytes";

    private string Afterwards => SourceDisk switch
    {
        SourceDisk.Rename => "; the source image is then renamed",
        SourceDisk.Remove => "; the source image is then removed",
        _ => "",
    };
}
