using System.Xml.Linq;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>Where connections of a migration go.</summary>
internal static class Endpoint
{
    /// <summary>The first and the last of the ports that libvirt takes for memory unless qemu.conf names others.</summary>
    private static readonly int[] DefaultPorts = [49152, 49215];

    internal static (string Host, int Port) OfDaemon(HostUri uri)
    {
        var port = new Uri(uri.Text).Port;
        return (uri.Host.Trim('[', ']'), port > 0 ? port : uri.Transport switch
        {
            "tls" => 16514,
            "tcp" => 16509,
            _ => 22,
        });
    }

    /// <summary>Where memory goes: what was asked for, or else the destination as it is known, and libvirt's ports.</summary>
    internal static (string Host, int[] Ports) OfStream(string? migrationUri, HostUri destination, string hostName)
    {
        if (migrationUri is not null && Uri.TryCreate(migrationUri, UriKind.Absolute, out var uri) && uri.Host.Length > 0)
            return (uri.Host.Trim('[', ']'), uri.Port > 0 ? [uri.Port] : DefaultPorts);
        return (destination.IsLocal ? hostName : destination.Host.Trim('[', ']'), DefaultPorts);
    }

    /// <summary>
    /// Servers of the disks. NBD servers are left out: many serve a fixed number of clients and end with the last of them.
    /// </summary>
    internal static IEnumerable<(string Host, int Port)> OfDisks(XElement xml) => xml.Elements("devices").Elements("disk").Elements("source")
        .Where(source => (string?)source.Attribute("protocol") is not (null or "nbd"))
        .SelectMany(source => source.Elements("host").Select(host => (
            Host: (string?)host.Attribute("name") ?? "",
            Port: (int?)host.Attribute("port") ?? DefaultPort((string?)source.Attribute("protocol")))))
        .Where(server => server is { Host.Length: > 0, Port: > 0 })
        .Distinct();

    private static int DefaultPort(string? protocol) => protocol switch
    {
        "rbd" => 6789,
        "iscsi" => 3260,
        "nfs" => 2049,
        "gluster" => 24007,
        "ssh" => 22,
        "http" => 80,
        "https" => 443,
        _ => 0,
    };
}
