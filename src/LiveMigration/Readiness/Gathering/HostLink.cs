using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A network interface's link: Mbit/s, null where it tells none.</summary>
internal sealed record HostLink(string Interface, int? Speed, bool Up)
{
    internal static IReadOnlyList<HostLink> Read(Connection connection) => [.. HostNetworks.Devices(connection).Select(Parse)];

    /// <summary>The fastest one that is up; null where none tells its speed.</summary>
    internal static HostLink? Fastest(IEnumerable<HostLink> links) => links.Where(link => link is { Up: true, Speed: > 0 }).MaxBy(link => link.Speed);

    /// <summary>What it carries at most.</summary>
    internal Bandwidth? Bandwidth => Speed is { } megabits ? Units.Bandwidth.FromBytes(megabits * 1_000_000L / 8) : null;

    private static HostLink Parse(string xml)
    {
        var capability = XElement.Parse(xml).Element("capability");
        var link = capability?.Element("link");
        var told = int.TryParse((string?)link?.Attribute("speed"), NumberStyles.None, CultureInfo.InvariantCulture, out var speed);
        return new HostLink(capability?.Element("interface")?.Value ?? "", told ? speed : null, (string?)link?.Attribute("state") == "up");
    }
}
