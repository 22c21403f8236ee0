using System.Xml;
using System.Xml.Linq;
using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Where a domain's disks are to be on the destination, where that is another place than on the source.</summary>
internal sealed record DiskPlaces
{
    internal static readonly DiskPlaces Unchanged = new();

    private readonly IReadOnlyDictionary<string, string> _map = new Dictionary<string, string>();
    private readonly IReadOnlyDictionary<string, DiskSource> _defined = new Dictionary<string, DiskSource>();

    private DiskPlaces()
    {
    }

    /// <summary>Those of <c>-DiskMap</c>, or of a definition that was given whole.</summary>
    /// <param name="map">Paths or pools by target name.</param>
    /// <param name="definition">The definition for the destination; null where it is the source's.</param>
    internal DiskPlaces(IReadOnlyDictionary<string, string> map, string? definition)
    {
        _map = map;
        _defined = Disks(definition)
            .Select(disk => (Target: (string?)disk.Element("target")?.Attribute("dev"), Image: DiskSource.Chain(disk)))
            .Where(disk => disk is { Target: not null, Image.Count: > 0 })
            .DistinctBy(disk => disk.Target)
            .ToDictionary(disk => disk.Target!, disk => disk.Image[0]);
    }

    /// <summary>What is no XML, libvirt refuses.</summary>
    private static IEnumerable<XElement> Disks(string? definition)
    {
        try
        {
            return definition is null ? [] : XElement.Parse(definition).Elements("devices").Elements("disk");
        }
        catch (XmlException)
        {
            return [];
        }
    }

    /// <summary>The path or pool that was named for a disk.</summary>
    internal string? Mapped(string target) => _map.GetValueOrDefault(target);

    /// <summary>Where the definition for the destination has a disk.</summary>
    internal DiskSource? Defined(string target) => _defined.GetValueOrDefault(target);
}
