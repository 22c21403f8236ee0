using LiveMigration.Hosts;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>The fleet's links as numbers, the way of each move over them, and how many may be on it at a time.</summary>
internal sealed class LinkMap
{
    /// <summary>
    /// 1 Gbit/s: what takes longer to send again than to find out what has changed of it. A processor compares some GiB/s, but only one does.
    /// </summary>
    private const double Narrow = 125e6;

    private readonly IReadOnlyList<FleetLink> _links;
    private readonly Dictionary<string, int> _named;
    private readonly Dictionary<string, HostLimits> _hosts;
    private readonly Dictionary<string, int> _cards = [];
    private readonly Dictionary<string, int[]> _outwards = [];
    private readonly List<double> _bytesPerSecond;
    private readonly List<int> _migrations;
    private readonly EvacuationOptions _options;

    internal LinkMap(IReadOnlyList<FleetLink> links, IEnumerable<HostLimits> hosts, EvacuationOptions options)
    {
        (_links, _options) = (links, options);
        _named = links.Select((link, index) => (link.Name, index)).ToDictionary();
        _bytesPerSecond = [.. links.Select(link => (double)link.Bandwidth.BytesPerSecond)];
        _migrations = [.. links.Select(link => link.MaxMigrations ?? int.MaxValue)];
        _hosts = hosts.ToDictionary(host => host.Name);
        foreach (var host in _hosts.Values)
            (_cards[host.Name], _outwards[host.Name]) = (Add(options.Bandwidth.BytesPerSecond), Numbers(host.Links));
    }

    /// <summary>The map that a plan is carried out on.</summary>
    internal static LinkMap Of(EvacuationPlan plan) => new(plan.Description.Links, plan.Hosts.Select(plan.Description.LimitsOf), plan.Options);

    internal IEnumerable<string> Hosts => _hosts.Keys;

    internal int Count => _bytesPerSecond.Count;

    internal double BytesPerSecond(int link) => _bytesPerSecond[link];

    internal int MaxMigrations(int link) => _migrations[link];

    /// <summary>How many may leave a host at a time; no more than its daemon has workers for.</summary>
    internal int MaxOutgoing(string host) => Math.Min(_hosts[host].MaxOutgoing ?? _options.MaxOutgoing, MigrationConnections.PerDaemon);

    /// <summary>How many may reach a host at a time.</summary>
    internal int MaxIncoming(string host) => Math.Min(_hosts[host].MaxIncoming ?? _options.MaxIncoming, MigrationConnections.PerDaemon);

    /// <summary>How fast a host can send or receive.</summary>
    internal double BytesPerSecond(string host) => Narrowest([_cards[host], .. _outwards[host]]);

    internal double Narrowest(int[] way) => way.Min(BytesPerSecond);

    internal bool IsNarrow(int[] way) => Narrowest(way) <= Narrow;

    internal bool IsUnlimited(int[] way) => Narrowest(way) >= long.MaxValue;

    /// <summary>Out of the one card, up and down, and into the other one: what both are behind is not passed.</summary>
    internal int[] Way(FleetDomain domain, string destination)
    {
        var (up, down) = (_outwards[domain.Host], _outwards[destination]);
        var way = up.Except(down).Concat(down.Except(up)).Append(_cards[domain.Host]).Append(_cards[destination]);
        if (domain.Disks > 0)
            way = way.Concat(Numbers(domain.Storage.Count > 0 ? domain.Storage : StorageOf(domain.Host))).Concat(Numbers(StorageOf(destination)));
        return [.. way.Distinct()];
    }

    internal IEnumerable<FleetLink> NamedOn(int[] way) => way.Where(link => link < _links.Count).Select(link => _links[link]);

    private IReadOnlyList<string> StorageOf(string host) => _hosts[host].Storage is { } storage ? [storage] : [];

    private int[] Numbers(IReadOnlyList<string> names) => [.. names.Select(name => _named[name])];

    private int Add(double bytesPerSecond)
    {
        _bytesPerSecond.Add(bytesPerSecond);
        _migrations.Add(int.MaxValue);
        return _bytesPerSecond.Count - 1;
    }
}
