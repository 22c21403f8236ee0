using System.Xml.Linq;
using LiveMigration.Errors;

namespace LiveMigration.Planning;

/// <summary>Rewrites what may differ between hosts: disk paths, networks, the screen's address. The guest must not see it.</summary>
internal static class DomainXmlRewrite
{
    /// <summary>The definition for the destination; null when it stays as it is.</summary>
    internal static string? Apply(string xml, MigrationOptions options) => Apply(xml, options, new Dictionary<string, long>());

    /// <summary>The same with disks that take only a part of their device: the part's bytes by target name.</summary>
    internal static string? Apply(string xml, MigrationOptions options, IReadOnlyDictionary<string, long> parts)
    {
        if (options.DiskMap.Count == 0 && options.NetworkMap.Count == 0 && options.GraphicsListen is null)
            return null;
        var domain = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        var devices = domain.Element("devices")!;
        foreach (var (target, path) in options.DiskMap)
            MoveDisk(devices, target, path, parts.TryGetValue(target, out var bytes) ? bytes : null);
        MoveNetworks(devices, options.NetworkMap);
        if (options.GraphicsListen is { } address)
            MoveGraphics(devices, address);
        return domain.ToString(SaveOptions.DisableFormatting);
    }

    private static void MoveDisk(XElement devices, string target, string path, long? part)
    {
        var disk = devices.Elements("disk").FirstOrDefault(disk => (string?)disk.Element("target")?.Attribute("dev") == target)
            ?? throw Unknown("-DiskMap", target, devices.Elements("disk").Select(disk => (string?)disk.Element("target")?.Attribute("dev")));
        var source = disk.Element("source");
        if (source?.Attribute("volume") is not null)
            source.Attributes().Where(one => one.Name.LocalName is "pool" or "mode").Remove();
        var attribute = source?.Attribute("file") ?? source?.Attribute("dev") ?? source?.Attribute("volume")
            ?? throw new LiveMigrationException(Faults.InvalidMapping, $"-DiskMap: '{target}' has no file or device whose path could be replaced.");
        // libvirt opens a file and a device in different ways.
        var (type, name) = path.StartsWith("/dev/", StringComparison.Ordinal) ? ("block", "dev") : ("file", "file");
        disk.SetAttributeValue("type", type);
        source!.ReplaceAttributes(source.Attributes().Select(one => one == attribute ? new XAttribute(name, path) : one).ToArray<object>());
        source.Element("slices")?.Remove();
        if (part is { } bytes)
            source.AddFirst(new XElement("slices", new XElement("slice", new XAttribute("type", "storage"), new XAttribute("offset", 0), new XAttribute("size", bytes))));
    }

    /// <summary>All at once: of two networks that change places each moves once.</summary>
    private static void MoveNetworks(XElement devices, IReadOnlyDictionary<string, string> map)
    {
        var names = devices.Elements("interface").Elements("source")
            .Select(source => source.Attribute("network") ?? source.Attribute("bridge"))
            .OfType<XAttribute>()
            .ToLookup(name => name.Value);
        foreach (var (from, to) in map)
        {
            if (!names.Contains(from))
                throw Unknown("-NetworkMap", from, names.Select(known => known.Key));
            foreach (var name in names[from])
                name.Value = to;
        }
    }

    private static void MoveGraphics(XElement devices, string address)
    {
        foreach (var graphics in devices.Elements("graphics"))
        {
            var listens = graphics.Elements("listen").Where(listen => (string?)listen.Attribute("type") == "address").ToArray();
            if (listens.Length > 0)
                graphics.SetAttributeValue("listen", address);
            foreach (var listen in listens)
                listen.SetAttributeValue("address", address);
        }
    }

    private static LiveMigrationException Unknown(string option, string name, IEnumerable<string?> known) => new(
        Faults.InvalidMapping, $"{option}: the domain has no '{name}'. Valid names: {string.Join(", ", known.Where(one => one is not null))}.");
}
