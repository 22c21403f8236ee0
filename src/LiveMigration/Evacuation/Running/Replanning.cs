using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation.Running;

/// <summary>Where those can go whose destination is lost: the planner is asked again, with the world as it is now.</summary>
internal static class Replanning
{
    internal static async Task<IReadOnlyDictionary<Guid, (PlannedMove? Move, string? Reason)>> PlanAsync(
        EvacuationPlan plan, IReadOnlyList<MoveState> stranded, IReadOnlyDictionary<Guid, string> bound, IReadOnlyDictionary<string, LibvirtHost> hosts, IReadOnlySet<string> lost)
    {
        string[] places = [.. plan.Options.Destinations.Where(host => !lost.Contains(host) && hosts.ContainsKey(host))];
        // Who comes home has one home, and one that moves for an even load stays where it is rather than go anywhere else.
        if (plan is { IsReturn: true } or { Goal: not EvacuationGoal.Evacuate } || places.Length == 0)
            return new Dictionary<Guid, (PlannedMove?, string?)>();
        var sources = stranded.Select(move => move.Planned.Source).Distinct().ToArray();
        try
        {
            var fleet = await FleetSurvey.ReadAsync([.. sources.Select(source => hosts[source])], [.. places.Select(place => hosts[place])], plan.Policy).ConfigureAwait(false);
            fleet = plan.Description.Complete(fleet);
            var ours = stranded.ToDictionary(move => move.Uuid, move => move.Planned.Domain);
            fleet = fleet with
            {
                Domains = [.. fleet.Domains.Select(domain => !sources.Contains(domain.Host) ? domain
                    : ours.TryGetValue(domain.Uuid, out var known) ? domain with { DirtyRate = known.DirtyRate, Priority = known.Priority }
                    : Elsewhere(domain, bound.GetValueOrDefault(domain.Uuid), places))],
            };
            var again = EvacuationPlanner.Plan(fleet, sources, plan.Options with { Destinations = places, MakeRoom = false });
            return again.Moves.Select(move => (move.Domain.Uuid, Found: ((PlannedMove?)move, (string?)null)))
                .Concat(again.Unmovable.Select(stays => (stays.Domain.Uuid, Found: ((PlannedMove?)null, (string?)stays.Reason))))
                .ToDictionary(found => found.Uuid, found => found.Found);
        }
        catch (LiveMigrationException error)
        {
            return stranded.ToDictionary(move => move.Uuid, _ => ((PlannedMove?)null, (string?)error.Message.TrimEnd('.')));
        }
    }

    /// <summary>
    /// One that does not need a place takes one where it is bound for. Who is bound for a host that is lost will need one, too: it does not
    /// keep those back that belong with it.
    /// </summary>
    internal static FleetDomain Elsewhere(FleetDomain domain, string? bound, IReadOnlyList<string> places) =>
        bound is null ? domain with { Pinned = "it is not its turn" }
        : places.Contains(bound) ? domain with { Host = bound }
        : domain with { Pinned = "it is not its turn", AffinityGroup = null };
}
