using System.Xml.Linq;

namespace LiveMigration.Readiness.Gathering;

/// <summary>The path of a disk on its host.</summary>
internal static class DiskPath
{
    /// <summary>A file or a device; null for a disk that has no path, or no medium.</summary>
    internal static string? Of(XElement disk) =>
        (string?)disk.Element("source")?.Attribute("file") ?? (string?)disk.Element("source")?.Attribute("dev");

    /// <summary>The same of all that the disk is made of: its layers and their data files, from the top.</summary>
    internal static IEnumerable<string> Layers(XElement disk) => disk.Descendants("source")
        .Where(source => !source.Ancestors("mirror").Any() && source.Parent!.Name.LocalName is "disk" or "backingStore" or "dataStore")
        .SelectMany(source => source.Attributes().Where(one => one.Name.LocalName is "file" or "dev"))
        .Select(path => path.Value).Distinct();
}
