using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>A storage pool as it is now.</summary>
/// <param name="Pool">What it is.</param>
/// <param name="IsActive">Whether it is started: only then has it volumes.</param>
/// <param name="Origin">Where a pool on the network has its files from, for example <c>nfs1:/export</c>; null for others.</param>
/// <param name="Available">Free space in bytes.</param>
internal sealed record PoolFacts(StoragePool Pool, bool IsActive, string? Origin, long Available)
{
    /// <summary>How the names of transient pools of ours begin.</summary>
    internal const string MomentaryPrefix = "livemigration.transient-";

    private static readonly HashSet<string> FileTypes = ["dir", "fs", "netfs", "gluster", "vstorage"];

    internal string Name => Pool.Name;

    /// <summary>Its size in bytes; of a directory, that of the file system; 0 where it is not known.</summary>
    internal long Capacity { get; init; }

    /// <summary>The servers of a pool on the network.</summary>
    internal IReadOnlyList<DiskServer> Servers { get; init; } = [];

    /// <summary>The name of what a server gives: a Ceph pool, a Gluster volume.</summary>
    internal string? SourceName { get; init; }

    /// <summary>Whether it is yet to be defined.</summary>
    internal bool IsNew { get; init; }

    /// <summary>Whether it was there only while it was looked at; its folder stands for it.</summary>
    internal bool IsMomentary { get; init; }

    /// <summary>Whether its folder is yet to be made.</summary>
    internal bool IsAbsent { get; init; }

    /// <summary>The permissions of its folder, in octal digits.</summary>
    internal string? Mode { get; init; }

    /// <summary>A pool as an administrator knows it.</summary>
    internal string Words => IsMomentary ? $"folder {Name}" : $"pool '{Name}'";

    /// <summary>Whether its volumes are files that are made by being written.</summary>
    internal bool HoldsFiles => FileTypes.Contains(Pool.Type);

    /// <summary>Whether a file is a volume of it: libvirt does not look into folders below.</summary>
    internal bool Holds(string path) =>
        Pool.TargetPath is { } target && path.LastIndexOf('/') is > 0 and var end && path[..end] == target.TrimEnd('/');

    internal string PathOf(string name) => $"{Pool.TargetPath?.TrimEnd('/')}/{name}";

    /// <summary>
    /// Whether both are taken for one file system: by where they have their files from, or, of directories, by the size and what is free. libvirt names
    /// no device of a directory, and something may be written between two looks.
    /// </summary>
    internal bool SharesSpaceWith(PoolFacts other) =>
        Name == other.Name
        || (Origin is not null && Origin == other.Origin)
        || (HoldsFiles && other.HoldsFiles && Capacity > 0 && Capacity == other.Capacity && Math.Abs(Available - other.Available) <= Capacity / 1000
            && (Origin is null || other.Origin is null));

    /// <summary>A pool of ours as what is left of it when it has been stopped: its folder; others as they are.</summary>
    internal PoolFacts Lasting() => Name.StartsWith(MomentaryPrefix, StringComparison.Ordinal)
        ? this with { Pool = Pool with { Name = Pool.TargetPath! }, IsMomentary = true }
        : this;

    /// <summary>A folder that a host does not have yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="available">Free space in bytes where it would be.</param>
    internal static PoolFacts Absent(string folder, long available) =>
        new(new StoragePool(folder, "dir", folder), IsActive: true, Origin: null, available) { IsMomentary = true, IsAbsent = true };

    /// <summary>Where a volume's data is: a file or device where volumes have paths, else an image on the pool's servers.</summary>
    internal DiskSource? SourceOf(string volume) => Pool switch
    {
        { Type: "rbd" or "gluster" } => new DiskSource("network") { Protocol = Pool.Type, Image = $"{SourceName}/{volume}", Servers = Servers },
        { Type: "sheepdog" } => new DiskSource("network") { Protocol = Pool.Type, Image = volume, Servers = Servers },
        { TargetPath: not null } => new DiskSource(HoldsFiles ? "file" : "block") { Path = PathOf(volume) },
        _ => null,
    };

    internal static PoolFacts Parse(string xml, bool isActive)
    {
        var pool = XElement.Parse(xml);
        var source = pool.Element("source");
        var host = (string?)source?.Element("host")?.Attribute("name");
        var name = source?.Element("name")?.Value;
        var folder = (string?)source?.Element("dir")?.Attribute("path") ?? name ?? (string?)source?.Element("device")?.Attribute("path");
        return new PoolFacts(
            StoragePool.Parse(xml), isActive, host is null ? null : $"{host}:{folder?.TrimEnd('/')}",
            long.Parse(pool.Element("available")?.Value ?? "0", CultureInfo.InvariantCulture))
        {
            Capacity = long.Parse(pool.Element("capacity")?.Value ?? "0", CultureInfo.InvariantCulture),
            Servers = [.. source?.Elements("host").Select(DiskServer.Parse) ?? []],
            SourceName = name,
            Mode = pool.Element("target")?.Element("permissions")?.Element("mode")?.Value,
        };
    }
}
