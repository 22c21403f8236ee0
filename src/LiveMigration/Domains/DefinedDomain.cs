using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains;

/// <summary>A domain and what it is defined as.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Definitions">The one with which it runs, and the stored one with which it starts; null for a domain that arrives, which tells it after the migration.</param>
internal sealed record DefinedDomain(LibvirtDomain Domain, IReadOnlyList<XElement>? Definitions)
{
    /// <summary>Its snapshots: what an older state of it needs, it may need again, though no definition names it now.</summary>
    internal IReadOnlyList<XElement> Snapshots { get; init; } = [];

    /// <summary>Each takes up to three calls, and one more for each of its snapshots.</summary>
    private const int AtOnce = 25;

    /// <summary>Asks a host for the definitions of its domains; one that is gone meanwhile is left out.</summary>
    internal static async Task<IReadOnlyList<DefinedDomain>> ReadAsync(LibvirtHost host, IReadOnlyList<LibvirtDomain> domains)
    {
        var found = new List<DefinedDomain>(domains.Count);
        // A few at a time, so that many on a long line are not taken for a host that does not answer.
        foreach (var some in domains.Where(domain => !domain.Migrating).Chunk(AtOnce))
            found.AddRange(await host.CallAsync(connection => Read(connection, some.ToDictionary(domain => domain.Uuid)), CancellationToken.None).ConfigureAwait(false));
        return [.. found, .. domains.Where(domain => domain.Migrating).Select(domain => new DefinedDomain(domain, null))];
    }

    private static List<DefinedDomain> Read(Connection connection, Dictionary<Guid, LibvirtDomain> domains)
    {
        var read = new List<DefinedDomain>(domains.Count);
        // One listing finds them all; a lookup for each would double the calls.
        using var found = new DomainArray(connection, DomainFilter.All);
        found.Keep((_, uuid) => domains.ContainsKey(uuid));
        while (found.Count > 0)
        {
            using var native = found.TakeLast();
            try
            {
                var domain = domains[native.GetUuid()];
                read.Add(new(domain, [.. Views(native, domain)]) { Snapshots = [.. SnapshotsOf(native).Select(xml => XElement.Parse(xml))] });
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
            {
                // It is gone since it was listed.
            }
        }

        return read;
    }

    /// <summary>What it starts with the next time may be something else than it has now.</summary>
    private static IEnumerable<XElement> Views(NativeDomain native, LibvirtDomain domain)
    {
        yield return XElement.Parse(native.GetXml(XmlView.Live));
        if (domain is { Persistent: true, Status.IsActive: true })
            yield return XElement.Parse(native.GetXml(XmlView.Inactive));
    }

    /// <summary>A driver without snapshots has none.</summary>
    private static IReadOnlyList<string> SnapshotsOf(NativeDomain native)
    {
        try
        {
            return native.GetSnapshots();
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return [];
        }
    }
}
