using System.Xml.Linq;

namespace LiveMigration.Domains;

/// <summary>Reads disks out of a domain's definition.</summary>
internal static class DiskReader
{
    internal static List<DomainDisk> ReadAll(LibvirtDomain domain, XElement definition, IReadOnlyList<StoragePool> pools) =>
        [.. definition.Elements("devices").Elements("disk").Select(disk => ReadOne(domain, disk, pools))];

    private static DomainDisk ReadOne(LibvirtDomain domain, XElement disk, IReadOnlyList<StoragePool> pools)
    {
        var type = (string?)disk.Attribute("type") ?? "file";
        var target = (string?)disk.Element("target")?.Attribute("dev") ?? "";
        var chain = DiskSource.Chain(disk);
        var source = Source(disk.Element("source"), type);
        var pool = type is "volume" ? pools.FirstOrDefault(pool => pool.Name == (string?)disk.Element("source")?.Attribute("pool")) : null;
        var (access, evidence) = type switch
        {
            "volume" when pool is not null => (pool.Access, $"Pool '{pool.Name}' is of type {pool.Type}."),
            "nvme" => (StorageAccess.Local, "The disk is a PCI device of the host."),
            "network" when chain.Count == 0 => DiskAccess.Of(null, pools),
            "vhostuser" or "vhostvdpa" => (StorageAccess.Unknown, "The disk is served by a process outside QEMU; where its data is stored is unknown."),
            "network" => DiskAccess.Of(chain[0]),
            _ => DiskAccess.Of(source, pools),
        };
        return new DomainDisk
        {
            Name = domain.Name,
            HostName = domain.HostName,
            Target = target,
            Bus = (string?)disk.Element("target")?.Attribute("bus"),
            Device = (string?)disk.Attribute("device") ?? "disk",
            Type = type,
            Format = (string?)disk.Element("driver")?.Attribute("type"),
            Source = source,
            Chain = chain,
            BackingFile = (string?)disk.Element("backingStore")?.Element("source")?.Attribute("file"),
            Cache = (string?)disk.Element("driver")?.Attribute("cache"),
            Encrypted = DiskEncryption.Element(disk) is not null,
            Encryption = DiskEncryption.Of(disk),
            LiesOnEncrypted = disk.Descendants("backingStore").Descendants("encryption").Any(),
            ReadOnly = disk.Element("readonly") is not null,
            Shareable = disk.Element("shareable") is not null,
            IsDispensable = IsDispensable(disk),
            Capacity = domain.Disks.FirstOrDefault(summary => summary.Target == target)?.Capacity,
            Access = access,
            Evidence = evidence,
        };
    }

    /// <summary>A medium in a drive. libvirt drops an optional hard disk, too, but only where the domain starts.</summary>
    internal static bool IsDispensable(XElement disk) => (string?)disk.Attribute("device") is "cdrom" or "floppy"
        && (string?)disk.Attribute("type") is "file" or "volume" && (string?)disk.Element("source")?.Attribute("startupPolicy") is "optional" or "requisite";

    private static string? Source(XElement? source, string type) => source is null ? null : type switch
    {
        "network" => $"{(string?)source.Attribute("protocol")}://{(string?)source.Element("host")?.Attribute("name")}/{(string?)source.Attribute("name")}",
        "volume" => $"{(string?)source.Attribute("pool")}/{(string?)source.Attribute("volume")}",
        "block" => (string?)source.Attribute("dev"),
        "dir" => (string?)source.Attribute("dir"),
        "vhostuser" => (string?)source.Attribute("path"),
        "vhostvdpa" => (string?)source.Attribute("dev"),
        _ => (string?)source.Attribute("file"),
    };
}
