using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>Makes room on one receiving host by moving some of its domains to others.</summary>
internal sealed class Eviction(List<Room> all, List<Room> open, Unit unit, double reference)
{
    /// <summary>More moves than this for one domain are more than it is worth.</summary>
    private const int Most = 4;

    private readonly List<(FleetDomain Domain, Room To)> _moves = [];

    /// <summary>Who goes where.</summary>
    internal IReadOnlyList<(FleetDomain Domain, Room To)> Moves => _moves;

    /// <summary>Where the room was made.</summary>
    internal Room Room { get; private set; } = null!;

    /// <summary>Itself with the room made, or null with everything as before.</summary>
    internal Eviction? Find()
    {
        foreach (var room in open.Where(room => room.Refuses(unit) is null).OrderByDescending(room => room.Free))
        {
            Room = room;
            if (Clear())
                return this;
            TakeBack();
        }

        return null;
    }

    private bool Clear()
    {
        while (Room.Lacks(unit) is not null)
        {
            if (_moves.Count == Most || Next() is not { } next)
                return false;
            Room.Evict(next.Domain);
            next.To.Receive(next.Domain);
            _moves.Add(next);
        }

        return true;
    }

    /// <summary>The smallest that is large enough, else the largest; of those that have somewhere to go.</summary>
    private (FleetDomain Domain, Room To)? Next()
    {
        var missing = unit.Memory - Room.Free;
        return Room.Residents
            .Where(resident => resident is { Pinned: null, AffinityGroup: null } && resident.Host == Room.Host.Name)
            .OrderBy(resident => resident.Memory < missing)
            .ThenBy(resident => Math.Abs(resident.Memory - missing))
            .Select(resident => (resident, Elsewhere(resident)))
            .Where(move => move.Item2 is not null)
            .Select(move => ((FleetDomain, Room)?)(move.resident, move.Item2!))
            .FirstOrDefault();
    }

    private Room? Elsewhere(FleetDomain domain)
    {
        var alone = new Unit([domain]);
        return all.Where(room => room != Room && room.Takes(alone)).MinBy(room => room.Score(alone, reference));
    }

    private void TakeBack()
    {
        foreach (var (domain, to) in _moves)
        {
            to.Return(domain);
            Room.Readmit(domain);
        }

        _moves.Clear();
    }
}
