using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Balancing;
using LiveMigration.Evacuation.Fleets;
using static LiveMigration.Tests.Evacuation.Balancing.LoadedFleets;

namespace LiveMigration.Tests.Evacuation.Balancing;

/// <summary>V8: whatever the fleet, no plan breaks a limit or a wish or makes it worse, and plans come to rest.</summary>
public sealed class BalancePropertyTests
{
    /// <summary>The same fleets each time, unless more are asked for.</summary>
    private static readonly Config Tries = int.TryParse(Environment.GetEnvironmentVariable("LM_FLEETS"), CultureInfo.InvariantCulture, out var tries)
        ? Config.QuickThrowOnFailure.WithMaxTest(tries)
        : Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261128, 4711);

    /// <summary>What the order of a sum may change.</summary>
    private const double Tolerance = 1e-6;

    private static readonly Gen<FleetDomain> Domains =
        from host in Gen.Choose(0, 3)
        from gibibytes in Gen.Elements(1, 2, 4, 8, 16)
        from cpu in Gen.Choose(0, 40)
        from together in Gen.Elements(null, null, null, null, "x", "y")
        from apart in Gen.Elements(null, null, null, "1", "2")
        from stays in Gen.Choose(0, 9)
        from refused in Gen.Choose(0, 7)
        select Domain("vm", $"h{host}", cpu / 10.0, $"{gibibytes}GiB") with
        {
            AffinityGroup = together,
            AntiAffinityGroup = apart,
            Pinned = stays == 0 ? "it is pinned" : null,
            Refusals = refused < 4 ? new Dictionary<string, string> { [$"h{refused}"] = "it lacks something" } : [],
        };

    private static readonly Gen<Fleet> FleetsOfFour =
        from domains in Domains.ListOf()
        from maintenance in Gen.Choose(0, 8)
        from small in Gen.Choose(0, 3)
        select new Fleet
        {
            Hosts = [.. Enumerable.Range(0, 4).Select(host => Host($"h{host}", host == small ? "32GiB" : "64GiB", host == small ? 8 : 16) with { IsInMaintenance = host == maintenance })],
            Domains = [.. domains.Select((domain, n) => domain with { Uuid = new Guid(n + 1, 0, 0, new byte[8]), Name = $"vm{n}" })],
        };

    [Theory]
    [InlineData(EvacuationGoal.Balance)]
    [InlineData(EvacuationGoal.Pack)]
    [InlineData(EvacuationGoal.Spread)]
    public void No_limit_and_no_wish_is_broken(EvacuationGoal goal) => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
    {
        var plan = BalancePlanner.Plan(fleet, new BalanceOptions { Goal = goal });
        var after = After(fleet, plan);
        foreach (var move in plan.Moves)
        {
            Assert.Null(move.Domain.Pinned);
            Assert.DoesNotContain(move.Destination, move.Domain.Refusals.Keys);
            Assert.DoesNotContain(fleet.Hosts, host => host.IsInMaintenance && (host.Name == move.Destination || host.Name == move.Source));
            Assert.False(string.IsNullOrEmpty(move.Reason));
            Assert.DoesNotContain(after.Domains, other => other.Uuid != move.Domain.Uuid && other.Host == move.Destination && other.AntiAffinityGroup is { } apart && apart == move.Domain.AntiAffinityGroup);
        }

        foreach (var host in fleet.Hosts.Where(host => plan.Moves.Any(move => move.Destination == host.Name)))
        {
            Assert.True(after.Domains.Where(domain => domain.Host == host.Name).Sum(domain => domain.Memory) <= host.Memory.Bytes * 0.9500001, $"{host}: memory");
            // What uses no CPU may come to a busy host, too.
            Assert.True(plan.Moves.Where(move => move.Destination == host.Name).All(move => move.Domain.Cpu == 0)
                || after.Domains.Where(domain => domain.Host == host.Name).Sum(domain => domain.Cpu) <= (host.Cpus * 0.8) + 1e-9, $"{host}: CPU");
        }

        Assert.All(Hosted(fleet), group => Assert.True(Hosted(after)[group.Key] <= group.Value, $"the group {group.Key} is divided further"));
    }).Check(Tries);

    /// <summary>In whatever order moves end that need not wait for each other.</summary>
    [Fact]
    public void Memory_is_enough_at_every_moment() => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
    {
        var plan = BalancePlanner.Plan(fleet, new BalanceOptions { Threshold = 0.03 });
        foreach (var host in fleet.Hosts)
        {
            var here = fleet.Domains.Where(domain => domain.Host == host.Name).Sum(domain => domain.Memory);
            // Those that wait for nobody may all come before anybody leaves.
            var first = plan.Moves.Where(move => move.Destination == host.Name && move.After.Count == 0).Sum(move => move.Domain.Memory);
            Assert.True(first == 0 || here + first <= host.Memory.Bytes * 0.9500001, $"{host}");
            Assert.All(plan.Moves.SelectMany(move => move.After.Select(before => before.Uuid)), before => Assert.Contains(plan.Moves, move => move.Domain.Uuid == before));
        }
    }).Check(Tries);

    [Fact]
    public void The_imbalance_never_grows_and_is_what_the_plan_says() => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
    {
        var plan = BalancePlanner.Plan(fleet, new BalanceOptions { Threshold = 0.05 });
        Assert.Equal(Imbalance(fleet), plan.ImbalanceBefore!.Value, Tolerance);
        Assert.Equal(Imbalance(After(fleet, plan)), plan.ImbalanceAfter!.Value, Tolerance);
        Assert.True(plan.ImbalanceAfter <= plan.ImbalanceBefore);
        Assert.Equal(plan.ImbalanceBefore.Value - plan.ImbalanceAfter.Value, plan.Moves.Sum(move => move.Gain!.Value), Tolerance);
    }).Check(Tries);

    [Theory]
    [InlineData(EvacuationGoal.Balance)]
    [InlineData(EvacuationGoal.Pack)]
    [InlineData(EvacuationGoal.Spread)]
    public void The_next_runs_have_nothing_to_do_or_less_and_come_to_rest(EvacuationGoal goal) => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
    {
        var options = new BalanceOptions { Goal = goal, Threshold = 0.05 };
        var plan = BalancePlanner.Plan(fleet, options);
        for (var run = 2; plan.Moves.Count > 0; run++)
        {
            // Room that became free only with the last plan may allow what it could not do; what was near enough is left alone.
            fleet = After(fleet, plan);
            var next = BalancePlanner.Plan(fleet, options);
            Assert.True(run < 8, "there is always something more to move");
            if (goal is EvacuationGoal.Balance && next.Moves.Count > 0)
                Assert.True(plan.ImbalanceAfter > options.Threshold && next.ImbalanceAfter < next.ImbalanceBefore - (0.005 / 4 / 2), $"{next.ImbalanceBefore} to {next.ImbalanceAfter}");
            else if (goal is EvacuationGoal.Pack)
                Assert.True(next.Moves.Count == 0 || next.Emptied.Count > 0, "VMs move without emptying a host");
            plan = next;
        }
    }).Check(Tries);

    [Fact]
    public void Packing_empties_what_it_names() => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
    {
        var plan = BalancePlanner.Plan(fleet, new BalanceOptions { Goal = EvacuationGoal.Pack });
        Assert.All(plan.Emptied, host => Assert.DoesNotContain(After(fleet, plan).Domains, domain => domain.Host == host));
        Assert.Equal(plan.Sources.Order(), plan.Emptied.Order());
    }).Check(Tries);

    [Fact]
    public void The_same_fleet_gives_the_same_plan() => Prop.ForAll(Arb.From(FleetsOfFour), fleet =>
        Assert.Equal(BalancePlanner.Plan(fleet, new BalanceOptions()).Moves.Select(move => $"{move}"), BalancePlanner.Plan(fleet, new BalanceOptions()).Moves.Select(move => $"{move}"))).Check(Tries);

    /// <summary>Beside all placements that there are: as few moves as any that reach the threshold needs, or one more.</summary>
    [Fact]
    public void Small_fleets_need_hardly_more_moves_than_the_fewest_that_can_be()
    {
        var (most, reached, optimal) = (0, 0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var fleet = Of([Host("a"), Host("b"), Host("c")], [.. Enumerable.Range(0, 7).Select(n => Domain($"v{n}", "aab"[random.Next(3)].ToString(), random.Next(1, 30) / 10.0, $"{1 << random.Next(0, 4)}GiB"))]);
            var options = new BalanceOptions { Threshold = 0.06 };
            if (Imbalance(fleet) <= options.Threshold || Fewest(fleet, options.Threshold * (1 - options.Hysteresis)) is not { } fewest)
                continue;
            most++;
            var plan = BalancePlanner.Plan(fleet, options);
            if (plan.ImbalanceAfter > options.Threshold)
                continue;
            reached++;
            Assert.True(plan.Moves.Count <= fewest + 1, $"{seed}: {plan.Moves.Count} moves, {fewest} are enough");
            optimal += plan.Moves.Count <= fewest ? 1 : 0;
        }

        Assert.True(most > 30 && reached >= most * 0.95 && optimal >= reached * 0.9, $"{optimal} optimal, {reached} reached, of {most}");
    }

    private static Dictionary<string, int> Hosted(Fleet fleet) => fleet.Domains.Where(domain => domain.AffinityGroup is not null).GroupBy(domain => domain.AffinityGroup!)
        .ToDictionary(group => group.Key, group => group.Select(domain => domain.Host).Distinct().Count());

    private static int? Fewest(Fleet fleet, double target)
    {
        var count = fleet.Domains.Count;
        int? fewest = null;
        for (var number = 0; number < Math.Pow(3, count); number++)
        {
            var rest = number;
            FleetDomain[] placed = [.. fleet.Domains.Select(domain =>
            {
                var host = "abc"[rest % 3].ToString();
                rest /= 3;
                return domain with { Host = host };
            })];
            var moves = placed.Zip(fleet.Domains).Count(pair => pair.First.Host != pair.Second.Host);
            if ((fewest is null || moves < fewest) && Imbalance(fleet with { Domains = placed }) <= target)
                fewest = moves;
        }

        return fewest;
    }
}
