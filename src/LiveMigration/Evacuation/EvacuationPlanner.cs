using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;
using LiveMigration.Evacuation.Scheduling;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>A fleet → a plan that empties some of its hosts. The same fleet gives the same plan.</summary>
public static class EvacuationPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="fleet">The hosts, links and domains.</param>
    /// <param name="sources">The hosts to empty.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="Errors.LiveMigrationException">The fleet or the request contradicts itself; the message names every problem.</exception>
    public static EvacuationPlan Plan(Fleet fleet, IReadOnlyList<string> sources, EvacuationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(sources);
        options ??= new EvacuationOptions();
        FleetRules.Check(fleet, sources, options);

        var links = new LinkMap(fleet.Links, fleet.Hosts, options);
        var placer = Place(fleet, [.. sources], options, links);
        return Schedule(placer.Placed, links, options) with
        {
            // Arrays, for scripts: PowerShell cannot index the read-only lists that a collection expression makes.
            Sources = sources.ToArray(),
            Unmovable = placer.Unmovable.ToArray(),
            Description = fleet.Description,
        };
    }

    /// <summary>The moves of a plan, in the order in which they start, and how long they take.</summary>
    internal static EvacuationPlan Schedule(IReadOnlyList<Placement> placed, LinkMap links, EvacuationOptions options)
    {
        Move[] moves = [.. placed.Select(placement => new Move(placement, links, options))];
        new Simulation(moves, links, options).Run();
        return new EvacuationPlan
        {
            Sources = [],
            Moves = moves.OrderBy(move => move.Start).ThenBy(move => move.Wave).ThenBy(move => move.Domain.Name, StringComparer.Ordinal).Select(Planned).ToArray(),
            Unmovable = [],
            Makespan = Seconds(moves.Select(move => move.End).DefaultIfEmpty().Max()),
            Options = options,
            LowerBound = Seconds(LowerBound.Of(moves, links, options)),
        };
    }

    private static PlacementSolver Place(Fleet fleet, HashSet<string> sources, EvacuationOptions options, LinkMap links)
    {
        var rooms = fleet.Hosts
            .Where(host => !sources.Contains(host.Name) && (options.Destinations.Count == 0 || options.Destinations.Contains(host.Name)))
            .ToDictionary(host => host.Name, host => new HostCapacity(host, links.BytesPerSecond(host.Name), options));
        var leaving = fleet.Domains.ToLookup(domain => sources.Contains(domain.Host));
        foreach (var domain in leaving[false])
            rooms.GetValueOrDefault(domain.Host)?.Settle(domain);
        var busiest = leaving[true].GroupBy(domain => domain.Host)
            .Select(group => group.Sum(TransferSize.Of) / links.BytesPerSecond(group.Key))
            .DefaultIfEmpty().Max();
        var placer = new PlacementSolver([.. rooms.Values], [.. leaving[false].Where(domain => !rooms.ContainsKey(domain.Host))], options, busiest);
        placer.Place(leaving[true]);
        return placer;
    }

    private static PlannedMove Planned(Move move) => new()
    {
        Domain = move.Domain,
        Destination = move.Placement.Destination.Name,
        Alternatives = move.Placement.Alternatives.ToArray(),
        Wave = move.Wave,
        Start = Seconds(move.Start),
        Time = Seconds(move.End - move.Start),
        Bytes = (long)move.Sent,
        Alone = move.Alone,
        Converges = move.Converges,
        After = move.Placement.After.ToArray(),
    };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
}
