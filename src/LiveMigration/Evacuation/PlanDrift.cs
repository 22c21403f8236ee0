using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>What has changed on the hosts since a plan was made.</summary>
public static class PlanDrift
{
    /// <summary>Compares a plan with the hosts as they are now. Nothing is changed.</summary>
    /// <param name="plan">The plan, which may be old or have been edited.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan with what can still be moved, and what has changed.</returns>
    /// <exception cref="LiveMigrationException">A host of the plan is missing, or the plan contradicts itself.</exception>
    public static async Task<(EvacuationPlan Plan, IReadOnlyList<string> Changes)> CompareAsync(
        this EvacuationPlan plan, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hosts);
        EvacuationPlanRules.Check(plan, plan.Hosts, [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => plan.Hosts.Contains(host.Name)).ToArray();
        var now = await Task.WhenAll(used.Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        var (current, changes) = Compare(plan, [.. now.SelectMany(domains => domains)]);
        return (current, changes.ToArray());
    }

    private static (EvacuationPlan Plan, IReadOnlyList<string> Changes) Compare(EvacuationPlan plan, IReadOnlyCollection<LibvirtDomain> now)
    {
        var changes = new List<string>();
        var places = now.Where(domain => domain.Status.IsActive).ToLookup(domain => domain.Uuid);
        var moves = plan.Moves.Where(move => Stands(move, [.. places[move.Domain.Uuid]], changes)).ToArray();
        var known = plan.Moves.Select(move => move.Domain.Uuid).Concat(plan.Unmovable.Select(stays => stays.Domain.Uuid)).ToHashSet();
        foreach (var domain in now.Where(domain => plan is { IsReturn: false, Goal: EvacuationGoal.Evacuate } && domain.Status.IsActive && plan.Sources.Contains(domain.HostName) && !known.Contains(domain.Uuid)))
            changes.Add($"'{domain.Name}' runs on {domain.HostName} and is not in the plan: it stays there.");
        var emptied = Emptied(plan, moves, [.. now.Where(domain => domain.Status.IsActive).Select(domain => (domain.Uuid, domain.Name, domain.HostName))], changes);
        return (plan with { Moves = moves, Emptied = emptied }, changes);
    }

    /// <summary>The hosts that packing still empties: on the others runs a VM that does not move.</summary>
    internal static string[] Emptied(EvacuationPlan plan, IReadOnlyList<PlannedMove> moves, IReadOnlyList<(Guid Uuid, string Name, string Host)> running, List<string> changes)
    {
        var moved = moves.Select(move => move.Domain.Uuid).ToHashSet();
        var stay = running.Where(domain => plan.Emptied.Contains(domain.Host) && !moved.Contains(domain.Uuid)).ToArray();
        changes.AddRange(stay.Select(domain => $"'{domain.Name}' runs on {domain.Host} and does not move: {domain.Host} is not emptied."));
        // Of a host that the plan no longer uses nobody asked what runs on it.
        return [.. plan.Emptied.Where(host => plan.Hosts.Contains(host) && stay.All(domain => domain.Host != host))];
    }

    private static bool Stands(PlannedMove move, IReadOnlyList<LibvirtDomain> found, List<string> changes)
    {
        if (!found.Any(domain => domain.HostName == move.Source))
        {
            changes.Add(found.Count > 0 ? $"'{move.Domain}' is already on {found[0].HostName}, not on {move.Source}." : $"'{move.Domain}' no longer runs on {move.Source}.");
            return false;
        }

        var domain = found.First(domain => domain.HostName == move.Source);
        if (domain.Memory is { } memory && memory != move.Domain.Memory)
            changes.Add($"'{move.Domain}' has {new ByteSize(memory)} of memory now, not {new ByteSize(move.Domain.Memory)}: its migration will not take the planned time.");
        return true;
    }
}
