using System.Xml.Linq;

namespace LiveMigration.Storage;

/// <summary>What libvirt makes a volume from.</summary>
internal static class VolumeXml
{
    internal static string Marker(string name) => Of(name, "raw", capacity: 0, allocation: 0, backing: null);

    internal static string Of(string name, string format, long capacity, long allocation, BackingLayer? backing) => new XElement(
        "volume",
        new XElement("name", name),
        Bytes("capacity", capacity),
        Bytes("allocation", allocation),
        new XElement("target", new XElement("format", new XAttribute("type", format))),
        backing is null ? null : new XElement(
            "backingStore", new XElement("path", backing.Path), new XElement("format", new XAttribute("type", backing.Format)))).ToString();

    private static XElement Bytes(string name, long value) => new(name, new XAttribute("unit", "bytes"), value);
}
