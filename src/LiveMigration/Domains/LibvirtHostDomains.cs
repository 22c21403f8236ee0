using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tracing;

namespace LiveMigration.Domains;

/// <summary>host → domains.</summary>
public static class LibvirtHostDomains
{
    /// <summary>
    /// Lists domains, with as many calls for a thousand as for one: statistics of all, which are persistent, which start
    /// with the host, and the storage pools. Whether one migrates libvirt only tells one by one: running domains are asked, one call each.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="query">Which domains; all by default.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<IReadOnlyList<LibvirtDomain>> GetDomainsAsync(
        this LibvirtHost host, DomainQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return GetDomainsAsync(host, query, known: null, cancellationToken);
    }

    /// <summary>All domains of a host whose pools are known.</summary>
    internal static Task<IReadOnlyList<LibvirtDomain>> GetAllDomainsAsync(this LibvirtHost host, IReadOnlyList<PoolState> pools) =>
        GetDomainsAsync(host, DomainQuery.All, [.. pools.Select(pool => StoragePool.Parse(pool.Xml))], CancellationToken.None);

    private static async Task<IReadOnlyList<LibvirtDomain>> GetDomainsAsync(
        LibvirtHost host, DomainQuery? query, IReadOnlyList<StoragePool>? known, CancellationToken cancellationToken)
    {
        var start = Tracer.Now;
        var (found, pools) = await host.CallAsync(connection => DomainReader.Read(host, connection, query ?? DomainQuery.All, known), cancellationToken).ConfigureAwait(false);
        // A few at a time, so that many on a long line are not taken for a host that does not answer.
        foreach (var some in found.Where(DomainDetails.AreMissing).Chunk(DomainDetails.AtOnce).ToArray())
        {
            var complete = await host.CallAsync(connection => DomainDetails.Complete(connection, some, pools), cancellationToken).ConfigureAwait(false);
            found = [.. found.Select(domain => complete.GetValueOrDefault(domain.Uuid, domain))];
        }

        Tracer.Say($"Found {found.Count} {(found.Count == 1 ? "VM" : "VMs")} on {host.Name}{(query?.Names is { Count: > 0 } names ? $" named {string.Join(", ", names)}" : "")} ({Tracer.Since(start)}).");
        return found;
    }

    /// <summary>Finds the one domain of that name or UUID.</summary>
    /// <param name="host">The host.</param>
    /// <param name="nameOrUuid">A name or a UUID; a wildcard is not looked at.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">There is none.</exception>
    public static async Task<LibvirtDomain> GetDomainAsync(
        this LibvirtHost host, string nameOrUuid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        var found = await host.GetDomainsAsync(new DomainQuery { Names = [nameOrUuid] }, cancellationToken).ConfigureAwait(false);
        // A query takes wildcards; of one domain they would find any.
        var one = found.FirstOrDefault(domain => domain.Name == nameOrUuid || !DomainQuery.HasWildcard(nameOrUuid));
        return one ?? throw NotFound(host, nameOrUuid);
    }

    internal static LiveMigrationException NotFound(LibvirtHost host, string nameOrUuid) =>
        new(Faults.DomainNotFound, $"{host.Name}: domain '{nameOrUuid}' was not found.", host.Name);

    /// <summary>Reads a domain's disks from its definition.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<IReadOnlyList<DomainDisk>> GetDisksAsync(this LibvirtDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.Host.CallAsync<IReadOnlyList<DomainDisk>>(
            connection =>
            {
                using var native = connection.LookupByUuid(domain.Uuid);
                var definition = XElement.Parse(native.GetXml(XmlView.Live));
                return DiskReader.ReadAll(domain, definition, StoragePool.Read(connection));
            },
            cancellationToken);
    }
}
