using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;

namespace LiveMigration.Domains;

/// <summary>A server of a network disk.</summary>
/// <param name="Name">Its name or address; null where it is reached through a socket.</param>
/// <param name="Port">Its port; null is the protocol's own.</param>
/// <param name="Socket">The socket through which it is reached on the same host.</param>
internal sealed record DiskServer(string? Name, string? Port = null, string? Socket = null)
{
    private static readonly HashSet<string> LoopbackNames = new(
        ["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "localhost.localdomain", "localhost6.localdomain6", "localhost4.localdomain4"],
        StringComparer.OrdinalIgnoreCase);

    internal static DiskServer Parse(XElement host) =>
        new((string?)host.Attribute("name"), (string?)host.Attribute("port"), (string?)host.Attribute("socket"));

    /// <summary>Whether the name means another server on each host: a socket, a loopback address, one of the own link, or none at all.</summary>
    internal bool IsPerHost => Socket is not null || Name is null || IsPerHostName(Name);

    /// <summary>The name without what only URLs and DNS need.</summary>
    internal static string Bare(string name) => name.Trim('[', ']').TrimEnd('.');

    internal static bool IsPerHostName(string name)
    {
        var bare = Bare(name);
        if (!IPAddress.TryParse(bare, out var address))
            return bare.Length == 0 || LoopbackNames.Contains(bare) || bare.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal
            || (address.AddressFamily is AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
    }

    /// <summary>Whether two names are one server; two names for one address are not seen to be.</summary>
    internal bool IsSameAs(DiskServer other) =>
        !IsPerHost && !other.IsPerHost && Port == other.Port && string.Equals(Bare(Name!), Bare(other.Name!), StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Socket ?? (Name is null ? "an unnamed server" : Port is null ? Name : $"{Name}:{Port}");
}
