using System.Xml.Linq;
using LiveMigration.Readiness.Grammar;

namespace LiveMigration.Readiness.Gathering;

/// <summary>Files of a host, other than disks, that a definition names: the rows of LM099 and LM100 tell where.</summary>
internal static class NamedPaths
{
    /// <summary>Files and devices that are opened.</summary>
    internal static IReadOnlyList<string> Files(XElement definition) => [.. Of("LM099", definition)];

    /// <summary>Folders in which files and sockets are made.</summary>
    internal static IReadOnlyList<string> Folders(XElement definition) =>
        [.. Of("LM100", definition).Select(path => path[..Math.Max(1, path.LastIndexOf('/'))]).Distinct()];

    /// <summary>Images that nobody writes, or that libvirt may eject: they may be outside every storage pool.</summary>
    internal static IEnumerable<string> Media(XElement definition) => definition.Elements("devices").Elements("disk")
        .Where(disk => disk.Element("readonly") is not null || Domains.DiskReader.IsDispensable(disk))
        .Select(disk => (string?)disk.Element("source")?.Attribute("file")).OfType<string>().Where(path => path.StartsWith('/')).Distinct();

    private static IEnumerable<string> Of(string check, XElement definition) =>
        GrammarTable.ValuesFor(check, definition).Where(value => value.StartsWith('/'));
}
