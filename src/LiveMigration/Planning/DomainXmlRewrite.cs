using System.Xml.Linq;
using LiveMigration.Errors;

namespace LiveMigration.Planning;

/// <summary>Rewrites what may differ between hosts: disk paths, networks, the screen's address. The guest must not see it.</summary>
internal static class DomainXmlRewrite
{
    /// <summary>The definition for the destination; null when it stays as it is.</summary>
    internal static string? Apply(string xml, MigrationOptions options)
    {
        if (options.DiskMap.Count == 0 && options.NetworkMap.Count == 0 && options.GraphicsListen is null)
            return null;
        var domain = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        var devices = domain.Element("devices")!;
        foreach (var (target, path) in options.DiskMap)
            MoveDisk(devices, target, path);
        foreach (var (from, to) in options.NetworkMap)
            MoveNetwork(devices, from, to);
        if (options.GraphicsListen is { } address)
            MoveGraphics(devices, address);
        return domain.ToString(SaveOptions.DisableFormatting);
    }

    private static void MoveDisk(XElement devices, string target, string path)
    {
        var disk = devices.Elements("disk").FirstOrDefault(disk => (string?)disk.Element("target")?.Attribute("dev") == target)
            ?? throw Unknown("-DiskMap", target, devices.Elements("disk").Select(disk => (string?)disk.Element("target")?.Attribute("dev")));
        var source = disk.Element("source");
        var attribute = source?.Attribute("file") ?? source?.Attribute("dev")
            ?? throw new LiveMigrationException(Faults.InvalidMapping, $"-DiskMap: '{target}' has no file or device that another path could replace.");
        attribute.Value = path;
    }

    private static void MoveNetwork(XElement devices, string from, string to)
    {
        var sources = devices.Elements("interface").Elements("source").ToArray();
        var attributes = sources
            .Select(source => source.Attribute("network") ?? source.Attribute("bridge"))
            .Where(attribute => attribute?.Value == from)
            .ToArray();
        if (attributes.Length == 0)
            throw Unknown("-NetworkMap", from, sources.Select(source => (string?)source.Attribute("network") ?? (string?)source.Attribute("bridge")));
        foreach (var attribute in attributes)
            attribute!.Value = to;
    }

    private static void MoveGraphics(XElement devices, string address)
    {
        foreach (var graphics in devices.Elements("graphics"))
        {
            graphics.SetAttributeValue("listen", address);
            foreach (var listen in graphics.Elements("listen").Where(listen => (string?)listen.Attribute("type") == "address"))
                listen.SetAttributeValue("address", address);
        }
    }

    private static LiveMigrationException Unknown(string option, string name, IEnumerable<string?> known) => new(
        Faults.InvalidMapping, $"{option}: the domain has no '{name}'. It has: {string.Join(", ", known.Where(one => one is not null))}.");
}
