using System.Xml.Linq;

namespace LiveMigration.Readiness.Gathering;

/// <summary>The path of a disk on its host.</summary>
internal static class DiskPath
{
    /// <summary>A file or a device; null for a disk that has no path, or no medium.</summary>
    internal static string? Of(XElement disk) =>
        (string?)disk.Element("source")?.Attribute("file") ?? (string?)disk.Element("source")?.Attribute("dev");
}
