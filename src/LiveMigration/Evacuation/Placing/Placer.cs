using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>
/// Domains → destinations. The largest first, each where memory and links stay most even: what is hard to place finds the
/// most room, and the small ones fill what is left.
/// </summary>
internal sealed class Placer
{
    private const int AlternativesKept = 3;

    private readonly List<Room> _rooms;
    private readonly EvacuationOptions _options;
    private readonly List<Placement> _placed = [];
    private readonly List<UnmovableDomain> _unmovable = [];
    private readonly IReadOnlyList<FleetDomain> _away;
    private readonly double _reference;

    /// <param name="rooms">The hosts that receive.</param>
    /// <param name="away">The domains of hosts that neither are emptied nor receive.</param>
    /// <param name="options">The limits.</param>
    /// <param name="reference">The seconds that the busiest host needs to send what it has.</param>
    internal Placer(List<Room> rooms, IReadOnlyList<FleetDomain> away, EvacuationOptions options, double reference)
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
        foreach (var unit in Units(movable).OrderByDescending(unit => unit.Memory).ThenBy(unit => unit.Domains[0].Name, StringComparer.Ordinal).ThenBy(unit => unit.Domains[0].Uuid))
            Place(unit);
    }

    private static IEnumerable<Unit> Units(List<FleetDomain> domains) =>
        domains.Where(domain => domain.AffinityGroup is null).Select(domain => new Unit([domain]))
            .Concat(domains.Where(domain => domain.AffinityGroup is not null).GroupBy(domain => domain.AffinityGroup).Select(group => new Unit([.. group])));

    private void Place(Unit unit)
    {
        var rooms = Open(unit);
        if (unit.IsContradicting)
            Leave(unit, $"the affinity group '{unit.Group}' and an anti-affinity group contradict each other", "Remove one of the two groups.");
        else if (Stays(unit) is { } stays)
            Leave(unit, $"it must stay together with '{stays}', which stays on {stays.Host}", $"Move '{stays}' too, or remove the affinity group '{unit.Group}'.");
        else if (Best(unit, rooms) is [var best, .. var others])
            Move(unit, best, unit.Domains.Count > 1 ? [] : [.. others.Select(room => room.Host.Name)]);
        else if (_options.MakeRoom && new Eviction(_rooms, rooms, unit, _reference).Find() is { } eviction)
        {
            foreach (var (domain, to) in eviction.Moves)
                _placed.Add(new Placement(domain, to.Host, [], [.. to.Evicted]));
            Move(unit, eviction.Room, []);
        }
        else
            Leave(unit, Unplaced.Reason(unit, rooms), Unplaced.Remedy(unit, rooms, _options));
    }

    /// <summary>A group follows those of it that are at home on a receiving host.</summary>
    private List<Room> Open(Unit unit) =>
        unit.Group is { } group && _rooms.Find(room => room.Residents.Any(resident => resident.AffinityGroup == group)) is { } home ? [home] : _rooms;

    private FleetDomain? Stays(Unit unit) =>
        unit.Group is not { } group ? null
        : _unmovable.Find(left => left.Domain.AffinityGroup == group)?.Domain ?? _away.FirstOrDefault(other => other.AffinityGroup == group);

    /// <summary>The rooms that take it, the best first, as many as are of use.</summary>
    private List<Room> Best(Unit unit, List<Room> rooms)
    {
        var best = new List<(double Score, Room Room)>(AlternativesKept + 2);
        foreach (var room in rooms)
        {
            if (!room.Takes(unit))
                continue;
            var score = room.Score(unit, _reference);
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

    private void Move(Unit unit, Room room, IReadOnlyList<string> alternatives)
    {
        foreach (var domain in unit.Domains)
        {
            _placed.Add(new Placement(domain, room.Host, alternatives, [.. room.Evicted]));
            room.Receive(domain);
        }
    }

    private void Leave(Unit unit, string reason, string remedy) =>
        _unmovable.AddRange(unit.Domains.Select(domain => new UnmovableDomain(domain, reason, remedy)));
}
