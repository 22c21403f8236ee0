using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Evacuation.Balancing;
using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Benchmarks.Balancing;

/// <summary>
/// A week of hours, of which each is measured and balanced. The loads are synthetic, not recorded: a curve of a day for each VM, with a phase of its own
/// or the same for all, and noise of a fifth. What counts is how many VMs come back to a host that they left less than a day before.
/// </summary>
internal static class LoadTrace
{
    private const int Hours = 168;

    internal static void Run(int hosts, int domains)
    {
        Replay("trace.balance", hosts, domains, new BalanceOptions());
        Replay("trace.without-hysteresis", hosts, domains, new BalanceOptions { Hysteresis = 0, Payback = TimeSpan.FromDays(1) });
        Greedy(hosts, domains);
    }

    private static void Replay(string name, int hosts, int domains, BalanceOptions options)
    {
        var fleet = SkewedFleet.Of(hosts, domains, seed: 11);
        var story = new Story(fleet);
        var imbalance = 0.0;
        for (var hour = 0; hour < Hours; hour++)
        {
            fleet = Loaded(fleet, story.Base, hour);
            var plan = BalancePlanner.Plan(fleet, options);
            var to = plan.Moves.ToDictionary(move => move.Domain.Uuid, move => move.Destination);
            fleet = fleet with { Domains = [.. fleet.Domains.Select(domain => to.TryGetValue(domain.Uuid, out var place) ? domain with { Host = place } : domain)] };
            story.Take(fleet, hour);
            imbalance += plan.ImbalanceAfter!.Value / Hours;
        }

        story.Print(name, imbalance);
    }

    /// <summary>As a tool does that has no threshold: each hour until nothing gets better by a hundredth of the score.</summary>
    private static void Greedy(int hosts, int domains)
    {
        var fleet = SkewedFleet.Of(hosts, domains, seed: 11);
        var story = new Story(fleet);
        var imbalance = 0.0;
        for (var hour = 0; hour < Hours; hour++)
        {
            fleet = Loaded(fleet, story.Base, hour);
            var greedy = new GreedyBalance(fleet);
            _ = greedy.Run(0.03, exhaustive: false);
            fleet = fleet with { Domains = [.. fleet.Domains.Select((domain, number) => domain with { Host = fleet.Hosts[greedy.At[number]].Name })] };
            story.Take(fleet, hour);
            imbalance += greedy.Score / Hours;
        }

        story.Print("trace.greedy", imbalance);
    }

    private static Fleet Loaded(Fleet fleet, double[] loads, int hour)
    {
        var random = new Random(1000 + hour);
        return fleet with
        {
            Domains = [.. fleet.Domains.Select((domain, number) => domain with
            {
                Cpu = loads[number] * (1 + (0.5 * Math.Sin(2 * Math.PI * (hour - (number % 3 == 0 ? number % 24 : 9)) / 24))) * (0.8 + (0.4 * random.NextDouble())),
            })],
        };
    }

    private sealed class Story(Fleet fleet)
    {
        private readonly Dictionary<(int Domain, string Host), int> _left = [];
        private string[] _at = [.. fleet.Domains.Select(domain => domain.Host)];
        private int _moves;
        private int _first;
        private int _back;

        internal double[] Base { get; } = [.. fleet.Domains.Select(domain => domain.Cpu!.Value)];

        internal void Take(Fleet now, int hour)
        {
            for (var domain = 0; domain < _at.Length; domain++)
            {
                var host = now.Domains[domain].Host;
                if (host == _at[domain])
                    continue;
                _moves++;
                _first += hour == 0 ? 1 : 0;
                if (_left.TryGetValue((domain, host), out var left) && hour - left < 24)
                    _back++;
                _left[(domain, _at[domain])] = hour;
            }

            _at = [.. now.Domains.Select(domain => domain.Host)];
        }

        internal void Print(string name, double imbalance)
        {
            new Metric($"balance.{name}.moves-back", _back, "VMs that came back within a day") { Aim = name == "trace.balance" ? 0 : null, Includes = $"{Hours} hours; {_first} moves in the first hour and {_moves - _first} afterwards" }.Print();
            new Metric($"balance.{name}.imbalance", imbalance, "mean after balancing").Print();
        }
    }
}
