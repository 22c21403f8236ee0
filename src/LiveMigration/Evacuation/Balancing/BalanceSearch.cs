namespace LiveMigration.Evacuation.Balancing;

/// <summary>
/// Moves units one after the other, each time the one with the largest net benefit: what it evens out, in seconds of a whole host over the time in
/// which it has to pay off, less the seconds of its migration. Enough is enough: what goes beyond the target counts for nothing, so that of several
/// moves that reach it the cheapest is made.
/// </summary>
internal sealed class BalanceSearch
{
    /// <summary>So many hosts at each end are looked at first, by each resource and by all together.</summary>
    private const int Breadth = 6;

    /// <summary>What a move has to even out at the least, in shares of a host: less is noise.</summary>
    private const double Least = 0.005;

    /// <summary>How many moves are judged in all when the hosts at both ends offer none that is worth it: about a second.</summary>
    private const long Judged = 40_000_000;

    private readonly LoadGroup _group;
    private readonly double _worth;
    private readonly double _least;
    private readonly double _target;
    private long _left = Judged;

    private BalanceSearch(LoadGroup group)
    {
        var balance = group.Balance;
        _group = group;
        var isSpread = balance.Goal is EvacuationGoal.Spread;
        _target = isSpread ? 0 : balance.Threshold * (1 - balance.Hysteresis);
        _least = isSpread ? 1e-9 : Least / group.Hosts.Length;
        // One VM more or less is worth its move, however long that takes.
        _worth = isSpread ? 1e9 : balance.Payback.Value.TotalSeconds * group.Hosts.Length;
    }

    internal static void Run(LoadGroup group)
    {
        if (group.Hosts.Length < 2 || (group.Balance.Goal is EvacuationGoal.Balance && group.Imbalance <= group.Balance.Threshold))
            return;
        var search = new BalanceSearch(group);
        search.Search();
    }

    /// <summary>The target, below the threshold at which balancing begins.</summary>
    internal static double Target(BalanceOptions balance) => balance.Threshold * (1 - balance.Hysteresis);

    private void Search()
    {
        while (_group.Imbalance > _target)
        {
            var best = Best(Ends(high: true).SelectMany(host => host.Units), Ends(high: false));
            if (best is null && _left > 0)
            {
                _left -= (long)_group.Units.Length * _group.Hosts.Length;
                best = Best(_group.Units, _group.Hosts);
            }

            if (best is not var (unit, to))
                return;
            _group.Move(unit, to);
        }
    }

    /// <summary>The best move of these units to these hosts; null when none is worth it.</summary>
    private (LoadUnit Unit, LoadHost To)? Best(IEnumerable<LoadUnit> units, IReadOnlyList<LoadHost> hosts)
    {
        (LoadUnit, LoadHost)? best = null;
        var (most, now) = (0.0, _group.Imbalance);
        var left = _group.Balance.MaxMoves - _group.Moves.Sum(move => move.Unit.Domains.Count);
        foreach (var unit in units)
        {
            // One that moves already only goes elsewhere.
            if (unit.Stays is not null || (unit.At == unit.Home && unit.Domains.Count > left))
                continue;
            var cheapest = _group.CheapestSeconds(unit);
            foreach (var host in hosts)
            {
                var gain = now - _group.ImbalanceAfter(unit, host);
                var worth = Math.Min(gain, now - _target) * _worth;
                // What costs time comes last: whether it could be the best, whether it may go there, what it costs.
                if (gain < _least || worth - cheapest <= most || !LoadGroup.MayMove(unit, host) || _group.Seconds(unit, host) is not { } seconds)
                    continue;
                if (worth - seconds > most)
                    (most, best) = (worth - seconds, (unit, host));
            }
        }

        return best;
    }

    /// <summary>The hosts that have the most or the least, of each resource and in what counts for the imbalance.</summary>
    private List<LoadHost> Ends(bool high)
    {
        var hosts = _group.Hosts;
        if (hosts.Length <= 2 * Breadth)
            return [.. hosts];
        var sign = high ? -1 : 1;
        var found = new SortedSet<int>();
        var keys = new double[hosts.Length];
        for (var key = 0; key <= _group.Resources; key++)
        {
            foreach (var host in hosts)
                keys[host.Index] = sign * (key < _group.Resources ? host.Share(key) : Pressure(host));
            foreach (var index in Smallest(keys))
                found.Add(index);
        }

        return [.. found.Select(index => hosts[index])];
    }

    private double Pressure(LoadHost host)
    {
        var sum = 0.0;
        for (var resource = 0; resource < _group.Resources; resource++)
            sum += _group.Weight(resource) * (host.Share(resource) - _group.Mean(resource));
        return sum;
    }

    private static List<int> Smallest(double[] keys)
    {
        var smallest = new List<int>(Breadth + 1);
        for (var index = 0; index < keys.Length; index++)
        {
            if (smallest.Count == Breadth && keys[index] >= keys[smallest[^1]])
                continue;
            var at = smallest.FindIndex(other => keys[index] < keys[other]);
            smallest.Insert(at < 0 ? smallest.Count : at, index);
            if (smallest.Count > Breadth)
                smallest.RemoveAt(Breadth);
        }

        return smallest;
    }
}
