using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Readiness.Checks.State;

namespace LiveMigration.Evacuation;

/// <summary>The maintenance of a host → the way back of the domains that left it.</summary>
/// <param name="evacuations">Those of the store, whose policies count where they emptied the host.</param>
public sealed class MaintenanceReturnPlanner(HostEvacuations evacuations)
{
    /// <summary>Plans how the domains that left a host for its maintenance return from where they are now.</summary>
    /// <param name="host">The host.</param>
    /// <param name="maintenance">Its maintenance.</param>
    /// <param name="hosts">The host, and those where its domains may be.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The way back, with the policy of the evacuation that emptied the host, where its journal is in this store.</returns>
    /// <exception cref="LiveMigrationException">A host does not answer, or the host is being emptied still.</exception>
    public async Task<MaintenanceReturn> PlanAsync(
        LibvirtHost host, HostMaintenance maintenance, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(maintenance);
        ArgumentNullException.ThrowIfNull(hosts);
        var now = (await Task.WhenAll(hosts.Select(one => one.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false)).SelectMany(domains => domains).ToLookup(domain => domain.Uuid);
        if (maintenance.Domains.FirstOrDefault(domain => now[domain.Uuid].Any(found => found.Migrating && found.HostName == host.Name)) is { } leaving)
            throw new LiveMigrationException(Faults.EvacuationRuns, $"'{leaving}' is just being migrated away from {host.Name}: let the evacuation end, or stop it, before the maintenance ends.", host.Name);
        var changes = new List<string>();
        var elsewhere = await OthersAsync(maintenance, host, hosts, cancellationToken).ConfigureAwait(false);
        HostedDomain[] wanted = [.. maintenance.Domains.Where(domain => IsWanted(domain, now[domain.Uuid], host.Name, elsewhere, changes))];
        var places = now.SelectMany(found => found).Where(domain => domain.Status.IsActive).ToLookup(domain => domain.Uuid, domain => domain.HostName);
        var plan = Emptied(maintenance, host.Name);
        // The host takes VMs again when they begin to come, and not before.
        var open = plan with { Policy = plan.Policy with { SkipReadiness = [.. plan.Policy.SkipReadiness, nameof(NotInMaintenance)] } };
        var (home, more) = await ReturnPlanner.PlanAsync(
            open, [.. wanted.Select(domain => new EvacuatedDomain { Uuid = domain.Uuid, Name = domain.Name, Source = host.Name })], places, hosts, cancellationToken).ConfigureAwait(false);
        return new(
            home with { Policy = home.Policy with { SkipReadiness = plan.Policy.SkipReadiness } },
            [.. changes, .. more],
            maintenance with { HostName = host.Name, Domains = wanted });
    }

    /// <summary>Whether a domain is to be brought back, or where it is instead.</summary>
    private static bool IsWanted(HostedDomain domain, IEnumerable<LibvirtDomain> found, string home, Dictionary<Guid, string> elsewhere, List<string> changes)
    {
        LibvirtDomain[] places = [.. found];
        if (places.Length > 0 && !places.Any(place => place.Status.IsActive))
        {
            if (!Array.Exists(places, place => place.HostName == home))
                changes.Add($"'{domain}' is shut off on {places[0].HostName}, and stays there.");
            return false;
        }

        if (!elsewhere.TryGetValue(domain.Uuid, out var other))
            return true;
        changes.Add($"'{domain}' came to {home} only because {other} was put into maintenance: Exit-HostMaintenance {other} brings it back.");
        return false;
    }

    /// <summary>The domains that another host had when it was put into maintenance earlier, which this one had for the time being.</summary>
    private static async Task<Dictionary<Guid, string>> OthersAsync(HostMaintenance maintenance, LibvirtHost host, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var marks = await Task.WhenAll(hosts.Where(other => other != host).Select(async other =>
        {
            try
            {
                return await other.GetMaintenanceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (LibvirtException)
            {
                return null; // One that does not tell has no claim.
            }
        })).ConfigureAwait(false);
        var others = new Dictionary<Guid, string>();
        foreach (var mark in marks.OfType<HostMaintenance>().Where(mark => mark.Problem is null && mark.Since < maintenance.Since).OrderBy(mark => mark.Since))
        {
            foreach (var domain in mark.Domains)
                others.TryAdd(domain.Uuid, mark.HostName);
        }

        return others;
    }

    /// <summary>The plan of the latest evacuation that emptied the host and can be read here. The ids stand on the host, where others write, too: they are no paths.</summary>
    private EvacuationPlan Emptied(HostMaintenance maintenance, string host)
    {
        foreach (var id in Enumerable.Reverse(maintenance.Evacuations).Where(evacuations.Ids.Contains))
        {
            if (evacuations.Get(id).State is EvacuationState.Running)
                throw new LiveMigrationException(Faults.EvacuationRuns, $"The evacuation {id} is still emptying {host}.", host);
            try
            {
                return evacuations.PlanOf(id);
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.JournalDamaged)
            {
                // Only its policy is lost.
            }
        }

        return new EvacuationPlan { Sources = [host], Moves = [], Unmovable = [], Makespan = default, LowerBound = default };
    }
}
