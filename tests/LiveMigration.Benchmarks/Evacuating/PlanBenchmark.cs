using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Evacuation;
using LiveMigration.Tests.Evacuation;

namespace LiveMigration.Benchmarks.Evacuating;

/// <summary>How long a plan takes, and how near it comes to the bound: 50 hosts to empty, of fleets from 100 to 1,000 hosts.</summary>
internal static class PlanBenchmark
{
    private const int Rounds = 5;

    internal static void Run()
    {
        _ = Plan(100, 5);
        var small = Measure(100, 5);
        var large = Measure(1000, 50, aim: 5000);
        // Ten times the hosts, the domains and those to empty.
        new Metric("plan.growth", large / small, "1000 hosts/100 hosts").Print();
    }

    private static double Measure(int hosts, int sources, double? aim = null)
    {
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Plan(hosts, sources)).ToList();
        var name = $"plan.{hosts}-hosts";
        var median = Metric.Median($"{name}.time", [.. rounds.Select(round => round.Milliseconds)], "ms") with { Aim = aim };
        median.Print();
        var (_, bytes, plan) = rounds[0];
        new Metric($"{name}.allocated", bytes / 1048576.0, "MiB").Print();
        new Metric($"{name}.makespan", plan.Makespan / plan.LowerBound, "makespan/bound") { Aim = 1.10, Includes = $"{plan.Moves.Count} moves, {plan.Unmovable.Count} that stay" }.Print();
        return median.Value;
    }

    private static (double Milliseconds, long Bytes, EvacuationPlan Plan) Plan(int hosts, int sources)
    {
        var fleet = Fleets.Random(hosts, hosts * 20, seed: 7);
        string[] empty = [.. Enumerable.Range(0, sources).Select(n => $"host{n * hosts / sources}")];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var plan = EvacuationPlanner.Plan(fleet, empty);
        return (watch.Elapsed.TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - before, plan);
    }
}
