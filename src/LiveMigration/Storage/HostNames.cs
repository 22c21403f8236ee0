using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage;

/// <summary>Names and addresses of a host itself, as far as they can be learnt: a server of that name is this host.</summary>
/// <param name="Own">Those of the host, and those of the servers of these disks that are the host under another name; none where no disk has a server.</param>
/// <param name="Servers">What this client understands by the names of the servers, where it can resolve them.</param>
internal sealed record HostNames(IReadOnlySet<string> Own, ILookup<string, IPAddress> Servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks the host and this client's resolver.</summary>
    internal static async Task<HostNames> OfAsync(LibvirtHost host, IEnumerable<DiskServer> used, CancellationToken cancellationToken)
    {
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var servers = used.Select(server => server.Name).OfType<string>().Select(DiskServer.Bare).Distinct().ToList();
        var resolved = new List<(string Name, IPAddress Address)>();
        if (servers.Count == 0)
            return Found();
        var info = await host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        own.UnionWith(new[] { info.Name, info.MachineName, DiskServer.Bare(host.Uri.Host) }.Where(name => name.Length > 0));
        own.UnionWith(await host.CallAsync(Addresses, cancellationToken).ConfigureAwait(false));
        foreach (var name in own.ToList())
            own.UnionWith(await ResolvedAsync(name, cancellationToken).ConfigureAwait(false));
        foreach (var server in servers)
        {
            var addresses = (await ResolvedAsync(server, cancellationToken).ConfigureAwait(false)).ToList();
            if (own.Overlaps(addresses))
                own.Add(server);
            resolved.AddRange(addresses.Select(HostServers.Address).OfType<IPAddress>().Select(address => (server, address)));
        }

        return Found();

        HostNames Found() => new(own, resolved.ToLookup(one => one.Name, one => one.Address, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What its virtual networks give it, which are the same on many hosts.</summary>
    private static IReadOnlyList<string> Addresses(Connection connection)
    {
        try
        {
            return [.. HostNetworks.Networks(connection).SelectMany(network => XElement.Parse(network.Xml).Elements("ip")).Select(ip => (string?)ip.Attribute("address")).OfType<string>()];
        }
        catch (Errors.LibvirtException)
        {
            return []; // A daemon without networks has none.
        }
    }

    private static async Task<IEnumerable<string>> ResolvedAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var address))
            return [address.ToString()];
        try
        {
            return (await Dns.GetHostAddressesAsync(name, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false)).Select(found => found.ToString());
        }
        catch (Exception error) when (error is SocketException or TimeoutException or ArgumentException)
        {
            return []; // This client does not know the name; the hosts may.
        }
    }
}
