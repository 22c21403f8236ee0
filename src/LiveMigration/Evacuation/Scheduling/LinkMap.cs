using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>The fleet's links as numbers, and the way of each move over them.</summary>
internal sealed class LinkMap
{
    private readonly Dictionary<string, int> _named;
    private readonly Dictionary<string, int[]> _ofHost = [];
    private readonly List<double> _bytesPerSecond;
    private readonly List<int> _migrations;

    internal LinkMap(Fleet fleet, EvacuationOptions options)
    {
        _named = fleet.Links.Select((link, index) => (link.Name, index)).ToDictionary();
        _bytesPerSecond = [.. fleet.Links.Select(link => (double)link.Bandwidth.BytesPerSecond)];
        _migrations = [.. fleet.Links.Select(link => link.MaxMigrations ?? int.MaxValue)];
        foreach (var host in fleet.Hosts)
            _ofHost[host.Name] = host.Links.Count > 0 ? Numbers(host.Links) : [Add(options.Bandwidth.BytesPerSecond)];
    }

    internal int Count => _bytesPerSecond.Count;

    internal double BytesPerSecond(int link) => _bytesPerSecond[link];

    internal int MaxMigrations(int link) => _migrations[link];

    /// <summary>How fast a host can send or receive.</summary>
    internal double BytesPerSecond(FleetHost host) => Narrowest(_ofHost[host.Name]);

    internal double Narrowest(int[] way) => way.Min(BytesPerSecond);

    /// <summary>Up from the one, down to the other: what both are behind is not passed.</summary>
    internal int[] Way(FleetDomain domain, FleetHost destination)
    {
        var (up, down) = (_ofHost[domain.Host], _ofHost[destination.Name]);
        var way = up.Except(down).Concat(down.Except(up));
        if (domain.Disks.Bytes > 0)
            way = way.Concat(Numbers(domain.Storage)).Concat(destination.Storage is { } storage ? Numbers([storage]) : []);
        // Two hosts on one line have nothing but that line between them.
        int[] passed = [.. way.Distinct()];
        return passed.Length > 0 ? passed : up;
    }

    private int[] Numbers(IReadOnlyList<string> names) => [.. names.Select(name => _named[name])];

    private int Add(double bytesPerSecond)
    {
        _bytesPerSecond.Add(bytesPerSecond);
        _migrations.Add(int.MaxValue);
        return _bytesPerSecond.Count - 1;
    }
}
