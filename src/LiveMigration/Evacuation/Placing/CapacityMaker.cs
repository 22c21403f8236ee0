using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>Makes room on one receiving host by moving some of its domains to others.</summary>
internal sealed class CapacityMaker(List<HostCapacity> all, List<HostCapacity> open, PlacementGroup group, double reference)
{
    /// <summary>More moves than this for one domain are more than it is worth.</summary>
    private const int Most = 4;

    private readonly List<(FleetDomain Domain, HostCapacity To)> _moves = [];

    /// <summary>Who goes where.</summary>
    internal IReadOnlyList<(FleetDomain Domain, HostCapacity To)> Moves => _moves;

    /// <summary>Where the room was made.</summary>
    internal HostCapacity Capacity { get; private set; } = null!;

    /// <summary>Itself with the room made, or null with everything as before.</summary>
    internal CapacityMaker? Find()
    {
        foreach (var room in open.Where(room => room.Refuses(group) is null).OrderByDescending(room => room.Free))
        {
            Capacity = room;
            if (Clear())
                return this;
            TakeBack();
        }

        return null;
    }

    private bool Clear()
    {
        while (Capacity.Lacks(group) is not null)
        {
            if (_moves.Count == Most || Next() is not { } next)
                return false;
            Capacity.Evict(next.Domain);
            next.To.Receive(next.Domain);
            _moves.Add(next);
        }

        return true;
    }

    /// <summary>The smallest that is large enough, else the largest; of those that have somewhere to go.</summary>
    private (FleetDomain Domain, HostCapacity To)? Next()
    {
        var missing = group.Memory - Capacity.Free;
        return Capacity.Residents
            .Where(resident => resident is { Pinned: null, AffinityGroup: null } && resident.Host == Capacity.Host.Name)
            .OrderBy(resident => resident.Memory < missing)
            .ThenBy(resident => Math.Abs(resident.Memory - missing))
            .Select(resident => (resident, Elsewhere(resident)))
            .Where(move => move.Item2 is not null)
            .Select(move => ((FleetDomain, HostCapacity)?)(move.resident, move.Item2!))
            .FirstOrDefault();
    }

    private HostCapacity? Elsewhere(FleetDomain domain)
    {
        var alone = new PlacementGroup([domain]);
        return all.Where(room => room != Capacity && room.Takes(alone)).MinBy(room => room.Score(alone, reference));
    }

    private void TakeBack()
    {
        foreach (var (domain, to) in _moves)
        {
            to.Return(domain);
            Capacity.Readmit(domain);
        }

        _moves.Clear();
    }
}
