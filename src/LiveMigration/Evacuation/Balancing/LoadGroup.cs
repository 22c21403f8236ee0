using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;
using LiveMigration.Evacuation.Scheduling;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>A group of hosts and what is on them, as units are moved in thought: which moves there are so far, and how even the shares have become.</summary>
internal sealed class LoadGroup
{
    private readonly double[] _weights;
    private readonly double[] _sums;
    private readonly double[] _squares;
    private readonly List<LoadMove> _moves = [];
    private readonly LinkMap _links;
    private readonly EvacuationOptions _options;

    internal LoadGroup(Fleet fleet, BalanceOptions balance, EvacuationOptions options, LinkMap links)
    {
        (Fleet, Balance, _options, _links) = (fleet, balance, options, links);
        _weights = balance.Goal is EvacuationGoal.Spread ? [1] : [balance.CpuWeight, balance.MemoryWeight];
        Hosts = [.. fleet.Hosts.Where(host => !host.IsInMaintenance).Select((host, index) => new LoadHost(index, host, links.BytesPerSecond(host.Name), Capacities(host), balance, options))];
        Units = LoadUnits.Of(fleet, Hosts, Amounts);
        foreach (var unit in Units)
            Hosts[unit.Home].Settle(unit);
        // A share that was summed up twice in another order would differ in its last digits.
        _sums = [.. _weights.Select((_, resource) => Hosts.Sum(host => host.Share(resource)))];
        _squares = [.. _weights.Select((_, resource) => Hosts.Sum(host => host.Share(resource) * host.Share(resource)))];
    }

    internal Fleet Fleet { get; }

    internal BalanceOptions Balance { get; }

    internal LoadHost[] Hosts { get; }

    internal LoadUnit[] Units { get; }

    internal IReadOnlyList<LoadMove> Moves => _moves;

    internal int Resources => _weights.Length;

    internal double Weight(int resource) => _weights[resource];

    internal double Mean(int resource) => _sums[resource] / Hosts.Length;

    internal double Imbalance
    {
        get
        {
            var sum = 0.0;
            for (var resource = 0; resource < _weights.Length; resource++)
                sum += _weights[resource] * Deviation(_sums[resource], _squares[resource]);
            return sum / _weights.Sum();
        }
    }

    /// <summary>The imbalance that a move would leave.</summary>
    internal double ImbalanceAfter(LoadUnit unit, LoadHost to)
    {
        var from = Hosts[unit.At];
        var (sum, weights) = (0.0, 0.0);
        for (var resource = 0; resource < _weights.Length; resource++)
        {
            var (old, gone) = (from.Share(resource), (from.Used[resource] - unit.Amounts[resource]) / from.Capacities[resource]);
            var (before, after) = (to.Share(resource), (to.Used[resource] + unit.Amounts[resource]) / to.Capacities[resource]);
            weights += _weights[resource];
            sum += _weights[resource] * Deviation(_sums[resource] - old + gone - before + after, _squares[resource] - old * old + gone * gone - before * before + after * after);
        }

        return sum / weights;
    }

    /// <summary>Whether a unit may go to a host. One that is on its way in thought already may only go where nobody has to leave before it.</summary>
    internal static bool MayMove(LoadUnit unit, LoadHost to) =>
        unit.Stays is null && unit.At != to.Index && to.Takes(unit) && (unit.At == unit.Home || to.TakesAtOnce(unit));

    /// <summary>The seconds on the links that a move costs at the least.</summary>
    internal double CheapestSeconds(LoadUnit unit) =>
        unit.Group.Bytes / Hosts[unit.Home].BytesPerSecond + unit.Domains.Count * _options.Overhead.Value.TotalSeconds;

    /// <summary>The seconds on the links that a move costs; null when a guest would not converge and nothing is allowed against that.</summary>
    internal double? Seconds(LoadUnit unit, LoadHost to)
    {
        var seconds = 0.0;
        foreach (var domain in unit.Domains)
        {
            var move = new Move(new Placement(domain, to.Host, [], []), _links, _options);
            if (!move.Converges && !Balance.AllowNotConverging)
                return null;
            seconds += move.SecondsAtBest;
        }

        return seconds;
    }

    internal void Move(LoadUnit unit, LoadHost to)
    {
        var from = Hosts[unit.At];
        Uncount(from, to);
        from.Depart(unit);
        to.Arrive(unit);
        Count(from, to);
        unit.At = to.Index;
        var at = _moves.FindIndex(move => move.Unit == unit);
        if (to.Index == unit.Home)
            _moves.RemoveAt(at);
        else if (at < 0)
            _moves.Add(new LoadMove(unit, to));
        else
            _moves[at] = new LoadMove(unit, to);
    }

    private void Uncount(params LoadHost[] hosts) => Count(-1, hosts);

    private void Count(params LoadHost[] hosts) => Count(1, hosts);

    private void Count(int sign, LoadHost[] hosts)
    {
        foreach (var host in hosts)
        {
            for (var resource = 0; resource < _weights.Length; resource++)
            {
                var share = host.Share(resource);
                _sums[resource] += sign * share;
                _squares[resource] += sign * share * share;
            }
        }
    }

    private double Deviation(double sum, double squares)
    {
        var mean = sum / Hosts.Length;
        return Math.Sqrt(Math.Max(0, squares / Hosts.Length - mean * mean));
    }

    private double[] Capacities(FleetHost host) => Balance.Goal is EvacuationGoal.Spread ? [1] : [host.Cpus ?? 1, Math.Max(1, host.Memory.Bytes)];

    private double[] Amounts(IReadOnlyList<FleetDomain> domains) =>
        Balance.Goal is EvacuationGoal.Spread ? [domains.Count] : [domains.Sum(domain => domain.Cpu ?? 0), domains.Sum(domain => domain.Memory)];
}
