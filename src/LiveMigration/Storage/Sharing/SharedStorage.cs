using System.Xml.Linq;

namespace LiveMigration.Storage.Sharing;

/// <summary>A pool that several hosts share: an NFS export, or a folder that something else mounts on all of them.</summary>
public sealed record SharedStorage
{
    /// <summary>The pool's name on each host.</summary>
    public required string Name { get; init; }

    /// <summary>Where each host has the files: the same path, as domains name their disks by it.</summary>
    public required string Path { get; init; }

    /// <summary>The NFS server as the hosts reach it; null for a folder.</summary>
    public string? Server { get; init; }

    /// <summary>What it exports.</summary>
    public string? Export { get; init; }

    /// <summary>Where the files come from, for example <c>nfs1:/export</c>; null for a folder.</summary>
    public string? Origin => Server is null ? null : $"{Server}:{Export?.TrimEnd('/')}";

    /// <summary>For example <c>pool 'vms' (nfs1:/export at /srv/vms)</c>.</summary>
    public override string ToString() => $"pool '{Name}' ({(Origin is null ? "" : $"{Origin} at ")}{Path})";

    internal string Definition => new XElement(
        "pool", new XAttribute("type", Type), new XElement("name", Name),
        Server is null ? null : new XElement(
            "source",
            new XElement("host", new XAttribute("name", Server)),
            new XElement("dir", new XAttribute("path", Export!)),
            new XElement("format", new XAttribute("type", "nfs"))),
        new XElement("target", new XElement("path", Path))).ToString();

    /// <summary>Whether a pool that is there is this one.</summary>
    internal bool Is(PoolFacts pool) =>
        pool.Pool.Type == Type && pool.Pool.TargetPath?.TrimEnd('/') == Path.TrimEnd('/') && pool.Origin == Origin;

    private string Type => Server is null ? "dir" : "netfs";
}
