using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>How domains come home: to each home by a plan of its own, one home after the other.</summary>
internal static class ReturnPlanner
{
    internal static async Task<(EvacuationPlan Plan, IReadOnlyList<string> Changes)> PlanAsync(
        EvacuationPlan evacuation, IReadOnlyList<EvacuatedDomain> moved, ILookup<Guid, string> places, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var changes = new List<string>();
        var away = new List<(EvacuatedDomain Domain, string At)>();
        foreach (var domain in moved)
        {
            if (places[domain.Uuid].Contains(domain.Source))
                changes.Add($"'{domain.Name}' is already back on {domain.Source}.");
            else if (places[domain.Uuid].FirstOrDefault() is not { } at)
                changes.Add($"'{domain.Name}' is not running on any of the hosts, so it cannot be moved back.");
            else
                away.Add((domain, at));
        }

        var plans = new List<EvacuationPlan>();
        foreach (var home in away.GroupBy(domain => domain.Domain.Source))
            plans.Add(await PlanAsync(evacuation, home.Key, [.. home], hosts, cancellationToken).ConfigureAwait(false));
        return (Together(evacuation, plans), changes.ToArray());
    }

    private static async Task<EvacuationPlan> PlanAsync(
        EvacuationPlan evacuation, string home, IReadOnlyList<(EvacuatedDomain Domain, string At)> away, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var sources = away.Select(domain => domain.At).Distinct().ToArray();
        var fleet = await FleetSurvey.ReadAsync(
            [.. hosts.Where(host => sources.Contains(host.Name))], [.. hosts.Where(host => host.Name == home)], evacuation.Policy, cancellationToken: cancellationToken).ConfigureAwait(false);
        fleet = Homewards(evacuation.Description).Complete(fleet);
        var known = evacuation.Moves.ToDictionary(move => move.Domain.Uuid, move => move.Domain);
        var returning = away.Select(domain => domain.Domain.Uuid).ToHashSet();
        // The planner sees those that come home as all that there is to move; who else is there stays.
        fleet = fleet with
        {
            Domains = [.. fleet.Domains.Where(domain => domain.Host == home || returning.Contains(domain.Uuid))
                .Select(domain => known.TryGetValue(domain.Uuid, out var before) ? domain with { DirtyRate = before.DirtyRate, Priority = before.Priority } : domain)],
        };
        return EvacuationPlanner.Plan(fleet, sources, evacuation.Options with { Destinations = [home], MakeRoom = false });
    }

    /// <summary>Where they were nobody kept them together or apart, and who had to stay did.</summary>
    private static FleetDescription Homewards(FleetDescription description) => description with
    {
        Domains = description.Domains.Select(wishes => wishes with { Pinned = null, AffinityGroup = null, AntiAffinityGroup = null }).ToArray(),
    };

    private static EvacuationPlan Together(EvacuationPlan evacuation, List<EvacuationPlan> plans)
    {
        var moves = new List<PlannedMove>();
        var (start, waves) = (TimeSpan.Zero, 0);
        foreach (var plan in plans)
        {
            moves.AddRange(plan.Moves.Select(move => move with { Start = move.Start + start, Wave = move.Wave + waves, Alternatives = [] }));
            (start, waves) = (start + plan.Makespan, waves + plan.Waves);
        }

        return new EvacuationPlan
        {
            Sources = plans.SelectMany(plan => plan.Sources).Distinct().ToArray(),
            Moves = moves.ToArray(),
            Unmovable = plans.SelectMany(plan => plan.Unmovable).ToArray(),
            Makespan = start,
            LowerBound = TimeSpan.FromTicks(plans.Sum(plan => plan.LowerBound.Ticks)),
            Options = evacuation.Options with { Destinations = plans.SelectMany(plan => plan.Options.Destinations).Distinct().ToArray() },
            Description = Homewards(evacuation.Description),
            Policy = evacuation.Policy with { Deadline = null, Canary = 0 },
            IsReturn = true,
        };
    }
}
