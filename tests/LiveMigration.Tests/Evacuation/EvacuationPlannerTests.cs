using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation;

public sealed class EvacuationPlannerTests
{
    private static readonly EvacuationOptions NoHeadroom = new() { Headroom = 0 };

    [Fact]
    public void Load_is_spread_over_the_destinations()
    {
        var plan = EvacuationPlanner.Plan(Three([.. Enumerable.Range(0, 6).Select(n => Domain($"vm{n}"))]), ["a"]);
        Assert.Equal([3, 3], plan.Moves.CountBy(move => move.Destination).OrderBy(group => group.Key).Select(group => group.Value));
        Assert.Empty(plan.Unmovable);
    }

    [Fact]
    public void What_a_destination_holds_already_counts()
    {
        var plan = EvacuationPlanner.Plan(Three(Domain("web"), Domain("large", "b", "48GiB")), ["a"]);
        Assert.Equal("c", Assert.Single(plan.Moves).Destination);
        Assert.Equal(["b"], plan.Moves[0].Alternatives);
    }

    [Fact]
    public void Idle_domains_keep_the_link_full()
    {
        var plan = EvacuationPlanner.Plan(Three([.. Enumerable.Range(0, 8).Select(n => Domain($"vm{n}", memory: "1GiB"))]), ["a"]);
        var link = TimeSpan.FromSeconds(8 * 1024 * 1024 * 1024.0 / 125_000_000);
        Assert.InRange(plan.Makespan, link, link * 1.1);
        Assert.InRange(plan.LowerBound, link, plan.Makespan);
    }

    [Fact]
    public void A_hot_domain_has_the_link_for_itself()
    {
        var plan = EvacuationPlanner.Plan(Three([Domain("hot", dirty: "60MiB/s"), .. Enumerable.Range(0, 4).Select(n => Domain($"vm{n}", memory: "1GiB"))]), ["a"]);
        var hot = plan.Moves.Single(move => move.Domain.Name == "hot");
        Assert.True(hot is { Alone: true, Converges: true });
        Assert.All(plan.Moves.Where(move => move != hot), other => Assert.True(other.Start >= hot.End || other.End <= hot.Start));
        // 4 GiB against the 59 MiB/s that are left of the link.
        Assert.InRange(hot.Time.TotalSeconds, 60, 90);
        Assert.InRange(hot.Bytes, ByteSize.Parse("7GiB").Bytes, ByteSize.Parse("9GiB").Bytes);
    }

    [Fact]
    public void What_does_not_converge_is_said_and_planned_as_post_copy()
    {
        var move = Assert.Single(EvacuationPlanner.Plan(Three(Domain("hot", dirty: "200MiB/s")), ["a"]).Moves);
        Assert.True(move is { Converges: false, Alone: true });
        Assert.Equal(ByteSize.Parse("8GiB").Bytes, move.Bytes, tolerance: 10);
    }

    [Fact]
    public void Priority_goes_first_and_waves_follow_each_other()
    {
        var plan = EvacuationPlanner.Plan(
            Three(Domain("small", memory: "1GiB") with { Priority = 5 }, Domain("one"), Domain("two")), ["a"], new EvacuationOptions { MaxOutgoing = 1 });
        Assert.Equal(["small", "one", "two"], plan.Moves.Select(move => move.Domain.Name));
        Assert.Equal([1, 2, 3], plan.Moves.Select(move => move.Wave));
        Assert.Equal(plan.Moves[0].End, plan.Moves[1].Start);
    }

    [Fact]
    public void A_link_lets_no_more_pass_than_it_may()
    {
        var fleet = Three([.. Enumerable.Range(0, 6).Select(n => Domain($"vm{n}"))]);
        fleet = fleet with { Links = [Link("a", most: 2), Link("b"), Link("c")] };
        Assert.Equal(2, Most(EvacuationPlanner.Plan(fleet, ["a"]).Moves));
    }

    [Fact]
    public void A_copied_disk_passes_the_storages_too()
    {
        var fleet = Three(Domain("db") with { Disks = ByteSize.Parse("10GiB"), Storage = ["slow"] });
        fleet = fleet with { Links = [.. fleet.Links, Link("slow", "20MiB/s")] };
        var move = Assert.Single(EvacuationPlanner.Plan(fleet, ["a"]).Moves);
        Assert.InRange(move.Time.TotalSeconds, 14 * 1024 / 20.0, 14 * 1024 / 20.0 + 5);
    }

    [Fact]
    public void Pinned_refused_and_too_large_stay_with_the_reason_and_a_remedy()
    {
        var refused = new Dictionary<string, string> { ["b"] = "its CPU lacks avx512f", ["c"] = "its CPU lacks avx512f" };
        var plan = EvacuationPlanner.Plan(
            Three(Domain("gpu") with { Pinned = "a PCI device is passed through" }, Domain("new") with { Refusals = refused }, Domain("huge", memory: "70GiB")), ["a"], NoHeadroom);
        Assert.Empty(plan.Moves);
        Assert.Equal(
            [
                "gpu: a PCI device is passed through",
                "huge: b, c: 64 GiB of memory available for guests, 70 GiB required",
                "new: b, c: its CPU lacks avx512f",
            ],
            plan.Unmovable.Select(stays => stays.ToString()));
        Assert.Equal("Free 6 GiB on b, allow other domains to be moved away to make room (MakeRoom), or add a host.", plan.Unmovable[1].Remedy);
    }

    [Fact]
    public void Groups_stay_together_or_apart()
    {
        var plan = EvacuationPlanner.Plan(
            Three(
                Domain("web") with { AffinityGroup = "shop" }, Domain("cache") with { AffinityGroup = "shop" }, Domain("till", "c") with { AffinityGroup = "shop" },
                Domain("db1") with { AntiAffinityGroup = "db" }, Domain("db2", "b") with { AntiAffinityGroup = "db" }, Domain("db3") with { AntiAffinityGroup = "db" }),
            ["a"]);
        Assert.Equal(["cache → c", "db1 → c", "web → c"], plan.Moves.Select(move => $"{move.Domain} → {move.Destination}").Order());
        Assert.Equal("db3: b: 'db2' of the anti-affinity group 'db' is already there; c: 'db1' of the anti-affinity group 'db' is already there", Assert.Single(plan.Unmovable).ToString());
    }

    [Fact]
    public void A_group_does_not_leave_the_one_who_has_to_stay()
    {
        var plan = EvacuationPlanner.Plan(Three(Domain("gpu") with { AffinityGroup = "g", Pinned = "a PCI device" }, Domain("web") with { AffinityGroup = "g" }), ["a"]);
        Assert.Empty(plan.Moves);
        Assert.Equal("it must stay together with 'gpu', which stays on a", plan.Unmovable[1].Reason);

        var elsewhere = Three(Domain("web") with { AffinityGroup = "g" }, Domain("db", "c") with { AffinityGroup = "g" });
        plan = EvacuationPlanner.Plan(elsewhere, ["a"], new EvacuationOptions { Destinations = ["b"] });
        Assert.Equal("it must stay together with 'db', which stays on c", Assert.Single(plan.Unmovable).Reason);
    }

    [Fact]
    public void Room_is_made_when_that_is_allowed()
    {
        var fleet = Three(Domain("large", memory: "34GiB"), Domain("b1", "b", "30GiB"), Domain("b2", "b", "10GiB"), Domain("c1", "c", "40GiB"));
        Assert.Equal("large", Assert.Single(EvacuationPlanner.Plan(fleet, ["a"]).Unmovable).Domain.Name);

        var plan = EvacuationPlanner.Plan(fleet, ["a"], NoHeadroom with { MakeRoom = true });
        Assert.Empty(plan.Unmovable);
        Assert.Equal(["b2: b → c", "large: a → b"], plan.Moves.Take(2).Select(move => move.ToString()).Order());
        var (large, cleared) = (plan.Moves.Single(move => move.Domain.Name == "large"), plan.Moves.Single(move => move.Domain.Name != "large"));
        Assert.Equal([cleared.Domain], large.After);
        Assert.True(large.Start >= cleared.End && large.Wave > cleared.Wave);
    }

    [Fact]
    public void A_fleet_that_contradicts_itself_is_refused_with_every_problem()
    {
        var fleet = Three(Domain("web"), Domain("web"), Domain("db", "d"));
        var error = Assert.Throws<LiveMigrationException>(() => EvacuationPlanner.Plan(fleet, ["a", "alpha"], new EvacuationOptions { Destinations = ["a"], MaxOutgoing = 0 }));
        Assert.Equal(Faults.InvalidEvacuation, error.Fault);
        foreach (var problem in new[] { "'web' is listed twice.", "no host 'alpha'", "'a' cannot be both a host to empty and a destination", "'d', which is not in the fleet", "At least one migration" })
            Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void Nothing_to_move_is_a_plan_too()
    {
        var plan = EvacuationPlanner.Plan(Three(), ["a"]);
        Assert.Equal((0, TimeSpan.Zero, 0), (plan.Moves.Count, plan.Makespan, plan.Waves));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_the_fleet_no_limit_is_broken_and_nobody_forgotten(int seed)
    {
        var fleet = Random(60, 900, seed);
        string[] sources = ["host0", "host1", "host25", "host40"];
        var options = new EvacuationOptions { MakeRoom = seed % 2 == 0, MaxIncoming = 2 };
        var plan = EvacuationPlanner.Plan(fleet, sources, options);

        var leaving = fleet.Domains.Where(domain => sources.Contains(domain.Host)).Select(domain => domain.Uuid).ToHashSet();
        var moved = plan.Moves.Select(move => move.Domain.Uuid).ToList();
        Assert.Equal(moved.Count, moved.Distinct().Count());
        Assert.Equal(leaving.Order(), moved.Where(leaving.Contains).Concat(plan.Unmovable.Select(stays => stays.Domain.Uuid)).Order());
        Assert.All(plan.Moves, move => Assert.False(move.Domain.Pinned is not null || sources.Contains(move.Destination) || move.Domain.Refusals.ContainsKey(move.Destination)));
        Assert.All(plan.Moves.GroupBy(move => move.Source), moves => Assert.InRange(Most(moves), 1, options.MaxOutgoing));
        Assert.All(plan.Moves.GroupBy(move => move.Destination), moves => Assert.InRange(Most(moves), 1, options.MaxIncoming));
        Assert.True(plan.Makespan >= plan.LowerBound, $"{plan.Makespan} < {plan.LowerBound}");

        var places = fleet.Domains.ToDictionary(domain => domain.Uuid, domain => domain.Host);
        foreach (var move in plan.Moves)
            places[move.Domain.Uuid] = move.Destination;
        Assert.All(fleet.Domains.GroupBy(domain => places[domain.Uuid]).Where(group => plan.Moves.Any(move => move.Destination == group.Key)), group =>
        {
            Assert.True(group.Sum(domain => domain.Memory) <= ByteSize.Parse("512GiB").Bytes * 95 / 100);
            var arrived = plan.Moves.Where(move => move.Destination == group.Key && move.Domain.AntiAffinityGroup is not null);
            Assert.All(arrived, move => Assert.Equal(1, group.Count(domain => domain.AntiAffinityGroup == move.Domain.AntiAffinityGroup)));
        });
    }

    [Fact]
    public void The_same_fleet_gives_the_same_plan()
    {
        string One() => string.Join('\n', EvacuationPlanner.Plan(Random(40, 600, 7), ["host3", "host4"]).Moves.Select(move => $"{move} {move.Start} {move.Time}"));
        Assert.Equal(One(), One());
    }

    /// <summary>How many are under way at the busiest moment.</summary>
    private static int Most(IEnumerable<PlannedMove> moves)
    {
        var all = moves.ToList();
        return all.Max(move => all.Count(other => other.Start <= move.Start && move.Start < other.End));
    }
}
