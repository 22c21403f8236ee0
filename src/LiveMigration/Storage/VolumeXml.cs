using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Storage.Images;

namespace LiveMigration.Storage;

/// <summary>What libvirt makes a volume from.</summary>
internal static class VolumeXml
{
    internal static string Marker(string name) => Of(name, "raw", capacity: 0, allocation: 0, backing: null);

    internal static string Of(string name, string format, long capacity, long allocation, BackingLayer? backing, Qcow2Header? like = null, DiskEncryption? encryption = null) => new XElement(
        "volume",
        new XElement("name", name),
        Bytes("capacity", capacity),
        Bytes("allocation", allocation),
        new XElement("target", new XElement("format", new XAttribute("type", format)), format == "qcow2" && like is not null ? Options(like) : null, encryption?.ToXml()),
        backing is null ? null : new XElement(
            "backingStore", new XElement("path", backing.Path), new XElement("format", new XAttribute("type", backing.Format)))).ToString();

    /// <summary>The same version and cluster size; a libvirt before 7.4 passes over the size.</summary>
    private static IEnumerable<XElement> Options(Qcow2Header like) =>
        [new("compat", like.Version == 2 ? "0.10" : "1.1"), new("clusterSize", new XAttribute("unit", "B"), like.ClusterSize)];

    private static XElement Bytes(string name, long value) => new(name, new XAttribute("unit", "bytes"), value);
}
