using LiveMigration.Domains;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>A plan, and the world as it is now. Pure.</summary>
internal static class WorldCheck
{
    /// <param name="plan">The plan.</param>
    /// <param name="now">The domains of all its hosts.</param>
    /// <returns>The plan without the moves that cannot be any more, and what has changed.</returns>
    internal static (EvacuationPlan Plan, IReadOnlyList<string> Changes) Compare(EvacuationPlan plan, IReadOnlyCollection<LibvirtDomain> now)
    {
        var changes = new List<string>();
        var places = now.Where(domain => domain.Status.IsActive).ToLookup(domain => domain.Uuid);
        var moves = plan.Moves.Where(move => Stands(move, [.. places[move.Domain.Uuid]], changes)).ToArray();
        var known = plan.Moves.Select(move => move.Domain.Uuid).Concat(plan.Unmovable.Select(stays => stays.Domain.Uuid)).ToHashSet();
        foreach (var domain in now.Where(domain => !plan.IsReturn && domain.Status.IsActive && plan.Sources.Contains(domain.HostName) && !known.Contains(domain.Uuid)))
            changes.Add($"'{domain.Name}' runs on {domain.HostName} and is not in the plan: it stays there.");
        return (plan with { Moves = moves }, changes);
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
