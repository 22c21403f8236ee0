using System.Xml.Linq;

namespace LiveMigration.Domains;

/// <summary>Where the data of a disk, or of an image below it, is, as a definition says it.</summary>
/// <param name="Type">The kind: <c>file</c>, <c>block</c>, <c>dir</c>, <c>network</c>, <c>volume</c>, <c>nvme</c>, <c>vhostuser</c> or <c>vhostvdpa</c>.</param>
internal sealed record DiskSource(string Type)
{
    /// <summary>The file, device, folder or socket.</summary>
    internal string? Path { get; init; }

    /// <summary>The protocol of a network disk, for example <c>rbd</c>.</summary>
    internal string? Protocol { get; init; }

    /// <summary>The image's name on its server.</summary>
    internal string? Image { get; init; }

    /// <summary>The servers of a network disk; none where QEMU's library finds them by itself.</summary>
    internal IReadOnlyList<DiskServer> Servers { get; init; } = [];

    /// <summary>The pool of a disk that is named by pool and volume.</summary>
    internal string? Pool { get; init; }

    /// <summary>The volume of such a disk.</summary>
    internal string? Volume { get; init; }

    /// <summary>Reads a <c>source</c> element; null for an empty drive.</summary>
    internal static DiskSource? Parse(XElement? source, string type) => source is null ? null : new DiskSource(type)
    {
        Path = (string?)source.Attribute(type switch { "block" or "vhostvdpa" => "dev", "dir" => "dir", "vhostuser" => "path", _ => "file" }),
        Protocol = (string?)source.Attribute("protocol"),
        Image = (string?)source.Attribute("name"),
        Servers = [.. source.Elements("host").Select(DiskServer.Parse)],
        Pool = (string?)source.Attribute("pool"),
        Volume = (string?)source.Attribute("volume"),
    };

    /// <summary>The image of a disk, and all that it is read from besides: data files and backing files, topmost first.</summary>
    internal static IReadOnlyList<DiskSource> Chain(XElement disk)
    {
        var chain = new List<DiskSource>();
        for (var layer = disk; layer is not null; layer = layer.Element("backingStore"))
        {
            if (Parse(layer.Element("source"), (string?)layer.Attribute("type") ?? "file") is not { } image)
                break;
            chain.Add(image);
            var data = layer.Element("source")!.Element("dataStore");
            if (Parse(data?.Element("source"), (string?)data?.Attribute("type") ?? "file") is { } file)
                chain.Add(file);
        }

        return chain;
    }

    /// <summary>For example <c>/images/web.qcow2</c> or <c>rbd:vms/web</c>.</summary>
    public override string ToString() => Type switch
    {
        "network" => $"{Protocol}:{Image}",
        "volume" => $"{Pool}/{Volume}",
        _ => Path ?? $"{Type} device",
    };
}
