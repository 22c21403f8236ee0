using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>
/// Domains → destinations. The largest first, each where memory and links stay most even: what is hard to place finds the
/// most room, and the small ones fill what is left.
/// </summary>
internal sealed class PlacementSolver
{
    private const int AlternativesKept = 3;

    private readonly List<HostCapacity> _rooms;
    private readonly EvacuationOptions _options;
    private readonly List<Placement> _placed = [];
    private readonly List<UnmovableDomain> _unmovable = [];
    private readonly IReadOnlyList<FleetDomain> _away;
    private readonly double _reference;

    /// <param name="rooms">The hosts that receive.</param>
    /// <param name="away">The domains of hosts that neither are emptied nor receive.</param>
    /// <param name="options">The limits.</param>
    /// <param name="reference">The seconds that the busiest host needs to send what it has.</param>
    internal PlacementSolver(List<HostCapacity> rooms, IReadOnlyList<FleetDomain> away, EvacuationOptions options, double reference)
    {
        _rooms = rooms;
        _away = away;
        _options = options;
        _reference = Math.Max(1, reference);
    }

    internal IReadOnlyList<Placement> Placed => _placed;

    internal IReadOnlyList<UnmovableDomain> Unmovable => _unmovable;

    internal void Place(IEnumerable<FleetDomain> leaving)
    {
        var movable = new List<FleetDomain>();
        foreach (var domain in leaving)
            if (domain.Pinned is { } reason)
                _unmovable.Add(new UnmovableDomain(domain, reason, "Shut it down, or remove what pins it to its host."));
            else
                movable.Add(domain);
        foreach (var group in Groups(movable).OrderByDescending(group => group.Memory).ThenBy(group => group.Domains[0].Name, StringComparer.Ordinal).ThenBy(group => group.Domains[0].Uuid))
            Place(group);
    }

    private static IEnumerable<PlacementGroup> Groups(List<FleetDomain> domains) =>
        domains.Where(domain => domain.AffinityGroup is null).Select(domain => new PlacementGroup([domain]))
            .Concat(domains.Where(domain => domain.AffinityGroup is not null).GroupBy(domain => domain.AffinityGroup).Select(group => new PlacementGroup([.. group])));

    private void Place(PlacementGroup group)
    {
        var rooms = Open(group);
        if (group.IsContradicting)
            Leave(group, $"the affinity group '{group.AffinityGroup}' and an anti-affinity group contradict each other", "Remove one of the two groups.");
        else if (Stays(group) is { } stays)
            Leave(group, $"it must stay together with '{stays}', which stays on {stays.Host}", $"Move '{stays}' too, or remove the affinity group '{group.AffinityGroup}'.");
        else if (Best(group, rooms) is [var best, .. var others])
            Move(group, best, group.Domains.Count > 1 ? [] : [.. others.Select(room => room.Host.Name)]);
        else if (_options.MakeRoom && new CapacityMaker(_rooms, rooms, group, _reference).Find() is { } eviction)
        {
            foreach (var (domain, to) in eviction.Moves)
                _placed.Add(new Placement(domain, to.Host, [], [.. to.Evicted]));
            Move(group, eviction.Capacity, []);
        }
        else
            Leave(group, PlacementFailure.Reason(group, rooms), PlacementFailure.Remedy(group, rooms, _options));
    }

    /// <summary>A group follows those of it that are at home on a receiving host.</summary>
    private List<HostCapacity> Open(PlacementGroup group) =>
        group.AffinityGroup is { } together && _rooms.Find(room => room.Residents.Any(resident => resident.AffinityGroup == together)) is { } home ? [home] : _rooms;

    private FleetDomain? Stays(PlacementGroup group) =>
        group.AffinityGroup is not { } together ? null
        : _unmovable.Find(left => left.Domain.AffinityGroup == together)?.Domain ?? _away.FirstOrDefault(other => other.AffinityGroup == together);

    /// <summary>The rooms that take it, the best first, as many as are of use.</summary>
    private List<HostCapacity> Best(PlacementGroup group, List<HostCapacity> rooms)
    {
        var best = new List<(double Score, HostCapacity Room)>(AlternativesKept + 2);
        foreach (var room in rooms)
        {
            if (!room.Takes(group))
                continue;
            var score = room.Score(group, _reference);
            if (best.Count > AlternativesKept && score >= best[^1].Score)
                continue;
            // Of equals the one that the fleet names first.
            var at = best.FindIndex(other => score < other.Score);
            best.Insert(at < 0 ? best.Count : at, (score, room));
            if (best.Count > AlternativesKept + 1)
                best.RemoveAt(best.Count - 1);
        }

        return [.. best.Select(scored => scored.Room)];
    }

    private void Move(PlacementGroup group, HostCapacity room, IReadOnlyList<string> alternatives)
    {
        foreach (var domain in group.Domains)
        {
            _placed.Add(new Placement(domain, room.Host, alternatives, [.. room.Evicted]));
            room.Receive(domain);
        }
    }

    private void Leave(PlacementGroup group, string reason, string remedy) =>
        _unmovable.AddRange(group.Domains.Select(domain => new UnmovableDomain(domain, reason, remedy)));
}
