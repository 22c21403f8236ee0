using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains;

/// <summary>
/// What hosts are and have, at one moment: each is asked once, for all VMs and for planner and readiness together, and not at all
/// where nobody does. Make a new one to look again.
/// </summary>
internal sealed class Inventory
{
    private readonly bool _needsAllDomains;

    /// <summary>Nothing was asked yet.</summary>
    /// <param name="needsAllDomains">Whether all domains of the hosts are looked at anyway: then those that are searched for are found among them.</param>
    internal Inventory(bool needsAllDomains = false)
    {
        _needsAllDomains = needsAllDomains;
        Domains = new(async host => await host.GetAllDomainsAsync(await PoolsAsync(host, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false));
        Definitions = new(async host => await DefinedDomain.ReadAsync(host, await Domains.OfAsync(host, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false));
    }

    /// <summary>What the host is.</summary>
    internal AskedOnce<HostFacts> Facts { get; } = new(host => host.GetFactsAsync(CancellationToken.None));

    /// <summary>Its maintenance; null where it is in none.</summary>
    internal AskedOnce<HostMaintenance?> Maintenance { get; } = new(host => host.CallAsync(connection => MaintenanceMark.Read(connection, host.Name), CancellationToken.None));

    /// <summary>Free memory and the caches that give way, in bytes; null where the driver does not tell.</summary>
    internal AskedOnce<long?> Memory { get; } = Asked(MemoryAvailable.Read);

    /// <summary>All domains.</summary>
    internal AskedOnce<IReadOnlyList<LibvirtDomain>> Domains { get; }

    /// <summary>The definitions of all domains, which libvirt gives one by one.</summary>
    internal AskedOnce<IReadOnlyList<DefinedDomain>> Definitions { get; }

    /// <summary>Virtual networks.</summary>
    internal AskedOnce<IReadOnlyList<NetworkState>> Networks { get; } = Asked<IReadOnlyList<NetworkState>>(HostNetworks.Networks);

    /// <summary>Names of interfaces, bridges among them.</summary>
    internal AskedOnce<IReadOnlyList<string>> Interfaces { get; } = Asked<IReadOnlyList<string>>(HostNetworks.Interfaces);

    /// <summary>Names of network filters.</summary>
    internal AskedOnce<IReadOnlyList<string>> Filters { get; } = Asked<IReadOnlyList<string>>(HostNetworks.Filters);

    /// <summary>What its secrets are for, and nothing of what they are.</summary>
    internal AskedOnce<IReadOnlyList<SecretName>> Secrets { get; } = Asked<IReadOnlyList<SecretName>>(HostSecrets.Read);

    /// <summary>Storage pools.</summary>
    internal AskedOnce<IReadOnlyList<PoolState>> Pools { get; } = Asked<IReadOnlyList<PoolState>>(HostPools.Read);

    /// <summary>Storage pools; none where the host knows no storage, or its daemon for storage does not run.</summary>
    internal async Task<IReadOnlyList<PoolState>> PoolsAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        try
        {
            return await Pools.OfAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException error) when (MissingDriver.Is(error))
        {
            return [];
        }
    }

    /// <summary>The domains of a host with one of these names or UUIDs.</summary>
    internal async Task<IReadOnlyList<LibvirtDomain>> FindAsync(LibvirtHost host, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var query = new DomainQuery { Names = names };
        return _needsAllDomains
            ? [.. (await Domains.OfAsync(host, cancellationToken).ConfigureAwait(false)).Where(domain => query.Wants(domain.Name, domain.Uuid))]
            : await host.GetDomainsAsync(query, cancellationToken).ConfigureAwait(false);
    }

    private static AskedOnce<T> Asked<T>(Func<Connection, T> question) => new(host => host.CallAsync(question, CancellationToken.None));
}
