using System.Xml.Linq;
using LiveMigration.Errors;

namespace LiveMigration.Planning;

/// <summary>Rewrites what may differ between hosts: disk paths, networks, the screen's address. The guest must not see it.</summary>
internal static class DomainXmlRewrite
{
    /// <summary>The definition for the destination; null when it stays as it is.</summary>
    internal static string? Apply(string xml, MigrationOptions options) => Apply(new(xml, null), options, new Dictionary<string, long>())?.Running;

    /// <summary>
    /// What runs and what is stored, each rewritten in its own text: changes that wait for the next start still wait. The bytes are those
    /// of disks that take only a part of their device, by target name; the emulator is that of the destination where it has another one.
    /// </summary>
    internal static DomainDefinitions? Apply(DomainDefinitions definitions, MigrationOptions options, IReadOnlyDictionary<string, long> parts, string? emulator = null)
    {
        if (options.DiskMap.Count == 0 && options.NetworkMap.Count == 0 && options.GraphicsListen is null && emulator is null)
            return null;
        var running = XElement.Parse(definitions.Running, LoadOptions.PreserveWhitespace);
        var stored = definitions.Stored is null ? null : XElement.Parse(definitions.Stored, LoadOptions.PreserveWhitespace);
        foreach (var (target, path) in options.DiskMap)
        {
            long? part = parts.TryGetValue(target, out var bytes) ? bytes : null;
            var (disk, attribute) = DiskOf(running, target);
            // A disk that is another one from the next start on is left as it will be.
            if (stored is not null && Disks(stored).FirstOrDefault(other => Target(other) == target) is { } later
                && Place(later) is { } there && IsAlike(there.Parent!, attribute.Parent!))
                MoveDisk(later, there, path, part);
            MoveDisk(disk, attribute, path, part);
        }

        XElement[] all = stored is null ? [running] : [running, stored];
        if (emulator is not null && running.Element("devices")?.Element("emulator")?.Value is { } before)
            MoveEmulator(all, before, emulator);
        MoveNetworks(all, options.NetworkMap);
        if (options.GraphicsListen is { } address)
            MoveGraphics(all.Elements("devices"), address);
        return new(Text(running)!, Text(stored));
        static string? Text(XElement? domain) => domain?.ToString(SaveOptions.DisableFormatting);
    }

    private static IEnumerable<XElement> Disks(XElement domain) => domain.Elements("devices").Elements("disk");

    private static string? Target(XElement disk) => (string?)disk.Element("target")?.Attribute("dev");

    private static XAttribute? Place(XElement disk) =>
        disk.Element("source") is { } source ? source.Attribute("file") ?? source.Attribute("dev") ?? source.Attribute("volume") : null;

    private static bool IsAlike(XElement source, XElement other) => source.Attributes().Where(IsPlace).Select(one => one.ToString())
        .SequenceEqual(other.Attributes().Where(IsPlace).Select(one => one.ToString()));

    private static bool IsPlace(XAttribute attribute) => attribute.Name.LocalName is "file" or "dev" or "volume" or "pool";

    private static (XElement Disk, XAttribute Place) DiskOf(XElement domain, string target)
    {
        var disk = Disks(domain).FirstOrDefault(disk => Target(disk) == target) ?? throw Unknown("-DiskMap", target, Disks(domain).Select(Target));
        return (disk, Place(disk)
            ?? throw new LiveMigrationException(Faults.InvalidMapping, $"-DiskMap: '{target}' has no file or device whose path could be replaced."));
    }

    private static void MoveDisk(XElement disk, XAttribute place, string path, long? part)
    {
        var source = place.Parent!;
        source.Attributes().Where(one => one.Name.LocalName is "pool" or "mode").Remove();
        // libvirt opens a file and a device in different ways.
        var (type, name) = path.StartsWith("/dev/", StringComparison.Ordinal) ? ("block", "dev") : ("file", "file");
        disk.SetAttributeValue("type", type);
        source.ReplaceAttributes(source.Attributes().Where(one => one == place || one.Name != name).Select(one => one == place ? new XAttribute(name, path) : one).ToArray<object>());
        source.Element("slices")?.Remove();
        if (part is { } bytes)
            source.AddFirst(new XElement("slices", new XElement("slice", new XAttribute("type", "storage"), new XAttribute("offset", 0), new XAttribute("size", bytes))));
    }

    /// <summary>All at once: of two networks that change places each moves once.</summary>
    private static void MoveNetworks(IEnumerable<XElement> domains, IReadOnlyDictionary<string, string> map)
    {
        var names = domains.Elements("devices").Elements("interface").Elements("source")
            .Select(source => source.Attribute("network") ?? source.Attribute("bridge") ?? source.Attribute("dev"))
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

    /// <summary>One that is another from the next start on is left as it will be.</summary>
    private static void MoveEmulator(IEnumerable<XElement> domains, string before, string after)
    {
        foreach (var emulator in domains.Elements("devices").Elements("emulator").Where(emulator => emulator.Value == before))
            emulator.Value = after;
    }

    private static void MoveGraphics(IEnumerable<XElement> devices, string address)
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
