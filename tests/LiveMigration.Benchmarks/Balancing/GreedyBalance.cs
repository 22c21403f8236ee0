using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Benchmarks.Balancing;

/// <summary>
/// What ganeti's hbal does, with our score: each step makes the move that lowers the score most, whatever it costs. Of large fleets only the VMs of the
/// fullest host are looked at, against all hosts.
/// </summary>
internal sealed class GreedyBalance
{
    private const double Least = 1e-9;

    private readonly double[][] _shares;
    private readonly (double Cpu, double Memory)[] _domains;
    private readonly List<int>[] _on;
    private readonly int[] _at;
    private readonly double[] _sums = new double[2];
    private readonly double[] _squares = new double[2];

    internal GreedyBalance(Fleet fleet)
    {
        var index = fleet.Hosts.Select((host, number) => (host.Name, number)).ToDictionary();
        _shares = [new double[fleet.Hosts.Count], new double[fleet.Hosts.Count]];
        _on = [.. fleet.Hosts.Select(_ => new List<int>())];
        _domains = [.. fleet.Domains.Select(domain => (domain.Cpu!.Value / SkewedFleet.Cpus, (double)domain.Memory / SkewedFleet.Memory))];
        _at = [.. fleet.Domains.Select(domain => index[domain.Host])];
        for (var domain = 0; domain < _at.Length; domain++)
            Count(domain, _at[domain], 1);
    }

    internal double Score => Deviation(0, _sums[0], _squares[0]) / 2 + Deviation(1, _sums[1], _squares[1]) / 2;

    internal IReadOnlyList<int> At => _at;

    /// <summary>Until the score is reached or no move lowers it.</summary>
    /// <returns>The moves made, and how many VMs are elsewhere in the end.</returns>
    internal (int Moves, int Moved) Run(double target, bool exhaustive)
    {
        int[] home = [.. _at];
        var moves = 0;
        while (Score > target && Best(exhaustive) is var (domain, to))
        {
            Count(domain, _at[domain], -1);
            Count(domain, to, 1);
            _at[domain] = to;
            moves++;
        }

        return (moves, _at.Zip(home).Count(pair => pair.First != pair.Second));
    }

    private (int Domain, int To)? Best(bool exhaustive)
    {
        (int, int)? best = null;
        var least = Score - Least;
        var sources = exhaustive ? Enumerable.Range(0, _on.Length) : [Enumerable.Range(0, _on.Length).MaxBy(host => _shares[0][host] + _shares[1][host])];
        foreach (var from in sources)
        {
            foreach (var domain in _on[from])
            {
                for (var to = 0; to < _on.Length; to++)
                {
                    if (to == from || _shares[1][to] + _domains[domain].Memory > 0.95 || _shares[0][to] + _domains[domain].Cpu > 0.8)
                        continue;
                    var after = (After(0, _domains[domain].Cpu, from, to) + After(1, _domains[domain].Memory, from, to)) / 2;
                    if (after < least)
                        (least, best) = (after, (domain, to));
                }
            }
        }

        return best;
    }

    private double After(int resource, double amount, int from, int to)
    {
        var (left, reached) = (_shares[resource][from], _shares[resource][to]);
        return Deviation(resource, _sums[resource], _squares[resource] + (2 * amount * (reached - left)) + (2 * amount * amount));
    }

    private double Deviation(int resource, double sum, double squares)
    {
        var mean = sum / _shares[resource].Length;
        return Math.Sqrt(Math.Max(0, (squares / _shares[resource].Length) - (mean * mean)));
    }

    private void Count(int domain, int host, int sign)
    {
        foreach (var (resource, amount) in new[] { (0, _domains[domain].Cpu), (1, _domains[domain].Memory) })
        {
            var share = _shares[resource][host];
            _shares[resource][host] += sign * amount;
            _sums[resource] += sign * amount;
            _squares[resource] += (_shares[resource][host] * _shares[resource][host]) - (share * share);
        }

        if (sign > 0)
            _on[host].Add(domain);
        else
            _on[host].Remove(domain);
    }
}
