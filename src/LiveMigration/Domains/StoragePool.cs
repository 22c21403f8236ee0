using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains;

/// <summary>A storage pool, as far as it tells who can reach what is in it.</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Type">libvirt's type: <c>dir</c>, <c>netfs</c>, <c>logical</c>, …</param>
/// <param name="TargetPath">Where its volumes are found; null where they have no path.</param>
internal sealed record StoragePool(string Name, string Type, string? TargetPath)
{
    /// <summary>Types whose volumes are on the network, on whichever host they are mounted.</summary>
    private static readonly HashSet<string> NetworkTypes =
        ["netfs", "gluster", "rbd", "sheepdog", "iscsi", "iscsi-direct", "vstorage"];

    internal StorageAccess Access => NetworkTypes.Contains(Type) ? StorageAccess.Shared : StorageAccess.Local;

    internal bool Holds(string path) =>
        TargetPath is { Length: > 1 } target && path.StartsWith(target.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>All pools of a host.</summary>
    internal static IReadOnlyList<StoragePool> Read(Connection connection) =>
        [.. StorageListing.PoolXml(connection).Select(Parse)];

    internal static StoragePool Parse(string xml)
    {
        var pool = XElement.Parse(xml);
        return new StoragePool(
            pool.Element("name")?.Value ?? "",
            pool.Attribute("type")?.Value ?? "",
            pool.Element("target")?.Element("path")?.Value);
    }
}
