using System.Globalization;
using System.Xml.Linq;

namespace LiveMigration.Storage;

/// <summary>An image as its host's storage driver sees it.</summary>
/// <param name="Pool">The pool that holds it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Path">Its path.</param>
/// <param name="Format">Its format, from its first bytes; a raw image may be taken for what a guest wrote into it.</param>
/// <param name="Capacity">The virtual size in bytes.</param>
/// <param name="Allocation">What it uses, in bytes.</param>
/// <param name="Length">The length of the file in bytes.</param>
/// <param name="Backing">What lies below it.</param>
/// <param name="Changed">When the file was last changed (<c>ctime</c>), in seconds; null where the host does not say.</param>
internal sealed record Volume(
    string Pool, string Name, string Path, string? Format, long Capacity, long Allocation, long Length, BackingLayer? Backing, decimal? Changed)
{
    /// <summary>What identifies it to libvirt: a path, an LV's UUID, or what a SCSI device says of itself.</summary>
    internal string? Key { get; init; }

    /// <summary>Whether it is encrypted; what a guest encrypts by itself in a raw image looks alike.</summary>
    internal bool IsEncrypted { get; init; }

    internal static Volume Parse(string pool, string xml)
    {
        var volume = XElement.Parse(xml);
        var target = volume.Element("target");
        var below = volume.Element("backingStore");
        var allocation = Bytes(volume, "allocation") ?? 0;
        return new Volume(
            pool,
            volume.Element("name")?.Value ?? "",
            target?.Element("path")?.Value ?? "",
            (string?)target?.Element("format")?.Attribute("type"),
            Bytes(volume, "capacity") ?? 0,
            allocation,
            Bytes(volume, "physical") ?? allocation,
            below?.Element("path")?.Value is { Length: > 0 } path ? new BackingLayer(path, (string?)below.Element("format")?.Attribute("type") ?? "raw") : null,
            decimal.TryParse(target?.Element("timestamps")?.Element("ctime")?.Value, CultureInfo.InvariantCulture, out var changed) ? changed : null)
        {
            Key = volume.Element("key")?.Value,
            IsEncrypted = target?.Element("encryption") is not null || (string?)target?.Element("format")?.Attribute("type") is "luks",
        };
    }

    private static long? Bytes(XElement volume, string name) =>
        volume.Element(name) is { } size && (string?)size.Attribute("unit") is null or "bytes" ? (long?)volume.Element(name) : null;
}
