using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Balancing;

namespace LiveMigration.Benchmarks.Balancing;

/// <summary>How long it takes to plan a balance, how many moves it takes, and how that compares with a greedy search and with the bound of a linear program.</summary>
internal static class BalanceBenchmark
{
    private const int Rounds = 3;

    internal static void Run()
    {
        _ = BalancePlanner.Plan(SkewedFleet.Of(50, 1000, seed: 3), new BalanceOptions());
        Measure(100, exhaustive: true);
        Measure(1000, exhaustive: false, aim: 10_000);
        Pack(1000);
        LoadTrace.Run(50, 1000);
    }

    private static void Measure(int hosts, bool exhaustive, double? aim = null)
    {
        var fleet = SkewedFleet.Of(hosts, hosts * 20, seed: 7);
        var options = new BalanceOptions();
        var times = new List<double>();
        EvacuationPlan plan = null!;
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            plan = BalancePlanner.Plan(fleet, options);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var name = $"balance.{hosts}-hosts";
        (Metric.Median($"{name}.time", times, "ms") with { Aim = aim }).Print();
        new Metric($"{name}.before", plan.ImbalanceBefore!.Value, "imbalance").Print();
        new Metric($"{name}.after", plan.ImbalanceAfter!.Value, "imbalance") { Aim = options.Threshold }.Print();
        new Metric($"{name}.moves", plan.Moves.Count, "moves") { Includes = $"{plan.Bytes >> 30} GiB, {plan.Makespan.TotalMinutes:0} min" }.Print();

        // The greedy search stops at the same imbalance.
        var greedy = new GreedyBalance(fleet);
        var clock = Stopwatch.StartNew();
        var (steps, moved) = greedy.Run(plan.ImbalanceAfter.Value, exhaustive);
        new Metric($"{name}.greedy.time", clock.Elapsed.TotalMilliseconds, "ms").Print();
        var bytes = greedy.At.Select((at, number) => fleet.Domains[number].Host == fleet.Hosts[at].Name ? 0 : fleet.Domains[number].Memory).Sum();
        new Metric($"{name}.greedy.moves", moved, "moves") { Includes = $"{bytes >> 30} GiB, {steps} steps, to {greedy.Score:0.####}, {(exhaustive ? "all VMs" : "VMs of the fullest host")}" }.Print();
        clock.Restart();
        if (MovesBound.Of(fleet, plan.ImbalanceAfter.Value) is { } bound)
            new Metric($"{name}.bound", Math.Ceiling(bound), "moves") { Includes = $"no plan needs fewer; {clock.Elapsed.TotalSeconds:0.0} s" }.Print();
        else
            Metric.Refused($"{name}.bound", "the solver found none");
    }

    private static void Pack(int hosts)
    {
        var fleet = SkewedFleet.Of(hosts, hosts * 8, seed: 7);
        var watch = Stopwatch.StartNew();
        var plan = BalancePlanner.Plan(fleet, new BalanceOptions { Goal = EvacuationGoal.Pack, Keep = 1 });
        new Metric($"balance.pack.{hosts}-hosts.time", watch.Elapsed.TotalMilliseconds, "ms") { Includes = $"{plan.Moves.Count} moves empty {plan.Emptied.Count} hosts" }.Print();
        var used = fleet.Domains.Select(domain => domain.Host).Distinct().Count();
        new Metric($"balance.pack.{hosts}-hosts.used", used - plan.Emptied.Count, "hosts in use")
        {
            Includes = $"{used} before; by memory and CPU alone {Math.Max(Math.Ceiling(fleet.Domains.Sum(domain => domain.Memory) / (0.95 * SkewedFleet.Memory)), Math.Ceiling(fleet.Domains.Sum(domain => domain.Cpu!.Value) / (0.8 * SkewedFleet.Cpus))):0}",
        }.Print();
    }
}
