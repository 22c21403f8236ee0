using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Balancing;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Balancing.LoadedFleets;

namespace LiveMigration.Tests.Evacuation.Balancing;

/// <summary>V8: the fewest and cheapest moves.</summary>
public sealed class BalancePlannerTests
{
    private static readonly FleetHost[] Two = [Host("a"), Host("b")];
    private static readonly BalanceOptions Balance = new();
    private static readonly BalanceOptions Pack = new() { Goal = EvacuationGoal.Pack };
    private static readonly BalanceOptions Spread = new() { Goal = EvacuationGoal.Spread };

    [Fact]
    public void A_hot_host_gives_one_VM_away_where_one_is_enough()
    {
        // CPU: a 12 of 16, b 0; memory: a 8 of 64 GiB, b 0. Moving one of 6 makes all equal.
        var fleet = Of(Two, Domain("v1", "a", 6), Domain("v2", "a", 6));
        var plan = BalancePlanner.Plan(fleet, Balance);
        var move = Assert.Single(plan.Moves);
        Assert.Equal(("a", "b"), (move.Source, move.Destination));
        Assert.Equal("The CPU share of a falls from 75 % to 38 %, and that of b rises from 0 % to 38 %.", move.Reason);
        Assert.Equal((EvacuationGoal.Balance, 0.21875, 0.0), (plan.Goal, Math.Round(plan.ImbalanceBefore!.Value, 9), Math.Round(plan.ImbalanceAfter!.Value, 9)));
        Assert.Equal(0.21875, move.Gain!.Value, 9);
        Assert.Equal(["a"], plan.Sources);
    }

    [Fact]
    public void Of_moves_that_do_the_same_the_cheapest_is_made()
    {
        var fleet = Of(Two, Domain("big", "a", 4, "8GiB"), Domain("small", "a", 4, "1GiB"), Domain("rest", "a", 4, "2GiB"));
        // Memory hardly matters at a weight this small, and the time on the link does.
        var plan = BalancePlanner.Plan(fleet, Balance with { MemoryWeight = 0.001, Threshold = 0.2 });
        Assert.Equal("small", Assert.Single(plan.Moves).Domain.Name);
    }

    [Fact]
    public void Below_the_threshold_nothing_moves()
    {
        var fleet = Of(Two, Domain("v1", "a", 3), Domain("v2", "b", 1), Domain("v3", "a", 1));
        Assert.True(Imbalance(fleet) is > 0.05 and < 0.1);
        Assert.Empty(BalancePlanner.Plan(fleet, Balance).Moves);
        Assert.NotEmpty(BalancePlanner.Plan(fleet, Balance with { Threshold = 0.05 }).Moves);
    }

    [Fact]
    public void A_move_that_does_not_pay_off_is_not_made()
    {
        // 64 GiB over 1 Gbit/s is nine minutes on the link.
        var fleet = Of([Host("a", "256GiB"), Host("b", "256GiB")], Domain("v1", "a", 6, "64GiB"), Domain("v2", "a", 6, "64GiB"));
        var slow = new EvacuationOptions { Bandwidth = Bandwidth.Parse("1Gbit/s") };
        Assert.Single(BalancePlanner.Plan(fleet, Balance, slow).Moves);
        Assert.Empty(BalancePlanner.Plan(fleet, Balance with { Payback = TimeSpan.FromMinutes(5) }, slow).Moves);
    }

    [Fact]
    public void A_guest_that_does_not_converge_stays_unless_something_is_allowed_against_it()
    {
        var fleet = Of(Two, [.. Enumerable.Range(1, 2).Select(n => Domain($"v{n}", "a", 6) with { DirtyRate = Bandwidth.Parse("20Gbit/s").BytesPerSecond })]);
        Assert.Empty(BalancePlanner.Plan(fleet, Balance).Moves);
        Assert.Single(BalancePlanner.Plan(fleet, Balance with { AllowNotConverging = true }).Moves);
    }

    [Fact]
    public void The_same_loads_move_nothing_the_second_time()
    {
        var fleet = Of([Host("a"), Host("b"), Host("c")], [.. Enumerable.Range(0, 12).Select(n => Domain($"v{n}", n < 9 ? "a" : "b", 1 + n % 3))]);
        var plan = BalancePlanner.Plan(fleet, Balance);
        Assert.NotEmpty(plan.Moves);
        Assert.True(plan.ImbalanceAfter <= 0.075, $"{plan.ImbalanceAfter}");
        Assert.Empty(BalancePlanner.Plan(After(fleet, plan), Balance).Moves);
    }

    [Fact]
    public void A_host_in_maintenance_gets_nothing_and_gives_nothing()
    {
        var fleet = Of([Host("a"), Host("b") with { IsInMaintenance = true }, Host("c")], Domain("v1", "a", 6), Domain("v2", "a", 6), Domain("v3", "b", 9));
        var move = Assert.Single(BalancePlanner.Plan(fleet, Balance).Moves);
        Assert.Equal(("a", "c"), (move.Source, move.Destination));
        Assert.Equal([], BalancePlanner.Plan(fleet with { Hosts = [fleet.Hosts[0], fleet.Hosts[1]] , Domains = [.. fleet.Domains] }, Balance).Moves);
    }

    [Fact]
    public void Pins_refusals_and_wishes_hold_and_are_named()
    {
        var fleet = Of(
            Two,
            Domain("pinned", "a", 5) with { Pinned = "a PCI device is passed through" },
            Domain("refused", "a", 5) with { Refusals = new Dictionary<string, string> { ["b"] = "its CPU lacks avx512f" } },
            Domain("apart1", "a", 4) with { AntiAffinityGroup = "web" },
            Domain("apart2", "b", 0) with { AntiAffinityGroup = "web" });
        var plan = BalancePlanner.Plan(fleet, Balance);
        Assert.Empty(plan.Moves);
        Assert.Equal(["pinned: a PCI device is passed through", "refused: b: its CPU lacks avx512f"], plan.Unmovable.Select(stays => $"{stays}"));
    }

    [Fact]
    public void An_affinity_group_moves_as_one()
    {
        var fleet = Of(Two, [.. "1234".Select(n => Domain($"v{n}", "a", 3) with { AffinityGroup = n <= '2' ? "db" : null })]);
        var plan = BalancePlanner.Plan(fleet, Balance);
        var moved = plan.Moves.Select(move => move.Domain.Name).Order().ToList();
        Assert.True(moved is ["v1", "v2"] or ["v3", "v4"], string.Join(", ", moved));
    }

    [Fact]
    public void The_parts_of_a_divided_affinity_group_only_join_each_other()
    {
        var fleet = Of([Host("a"), Host("b"), Host("c")], Domain("v1", "a", 6) with { AffinityGroup = "db" }, Domain("v2", "a", 6) with { Pinned = "so" }, Domain("v3", "b", 0.5) with { AffinityGroup = "db" });
        // The other one of its group is on b; c has less to do.
        Assert.Equal("b", Assert.Single(BalancePlanner.Plan(fleet, Balance).Moves).Destination);
        Assert.Equal("c", Assert.Single(BalancePlanner.Plan(fleet with { Domains = [.. fleet.Domains.Select(domain => domain with { AffinityGroup = null })] }, Balance).Moves).Destination);
    }

    [Fact]
    public void Memory_is_not_promised_twice()
    {
        // b has 64 GiB, of which 5 % stay free: 60.8 GiB, of which 58 are taken.
        var fleet = Of([Host("a", "256GiB"), Host("b")], Domain("v1", "a", 7), Domain("v2", "a", 7), Domain("v3", "b", 0, "58GiB"));
        var options = Balance with { MemoryWeight = 0 };
        Assert.Empty(BalancePlanner.Plan(fleet, options).Moves);
        Assert.Single(BalancePlanner.Plan(fleet with { Domains = [.. fleet.Domains.Select(domain => domain.Host == "b" ? domain with { Memory = 1L << 30 } : domain)] }, options).Moves);
    }

    [Fact]
    public void A_group_without_a_host_that_counts_is_refused()
    {
        var fleet = Of([Host("a") with { IsInMaintenance = true }], Domain("v1", "a", 1));
        Assert.Contains("in maintenance", Assert.Throws<LiveMigrationException>(() => BalancePlanner.Plan(fleet, Balance)).Message, StringComparison.Ordinal);
        Assert.Throws<LiveMigrationException>(() => BalancePlanner.Plan(Of([Host("a"), Host("b") with { Cpus = null }]), Balance with { CpuWeight = 0, CpuOvercommit = 2 }));
    }

    [Fact]
    public void What_does_not_fit_into_the_number_of_moves_is_left_out_for_what_does()
    {
        var fleet = Of(Two, Domain("v1", "a", 3) with { AffinityGroup = "db" }, Domain("v2", "a", 3) with { AffinityGroup = "db" }, Domain("v3", "a", 2), Domain("v4", "a", 4));
        Assert.Equal("v4", Assert.Single(BalancePlanner.Plan(fleet, Balance with { MaxMoves = 1, MemoryWeight = 0 }).Moves).Domain.Name);
    }

    [Fact]
    public void Each_VM_of_an_affinity_group_that_stays_is_named()
    {
        var fleet = Of(Two, Domain("v1", "a", 5) with { AffinityGroup = "db" }, Domain("v2", "a", 5) with { AffinityGroup = "db", Pinned = "a PCI device is passed through" });
        Assert.Equal(
            ["v1: it must stay together with 'v2', which stays: a PCI device is passed through", "v2: a PCI device is passed through"],
            BalancePlanner.Plan(fleet, Balance).Unmovable.Select(stays => $"{stays}").Order());
    }

    [Fact]
    public void Any_of_the_hosts_that_stay_in_use_may_fail()
    {
        // The ten small VMs of the fullest host find room on the others; the large one of b does only if it fits beside w on c.
        Assert.False(SpareCapacity.IsEnough(Group("38GiB"), 1));
        Assert.True(SpareCapacity.IsEnough(Group("36GiB"), 1));

        static LoadGroup Group(string large)
        {
            var fleet = Of([Host("a"), Host("b"), Host("c")], [.. Enumerable.Range(0, 10).Select(n => Domain($"v{n}", "a", 0.1)), Domain("large", "b", 0.1, large), Domain("w", "c", 0.1, "24GiB")]);
            var options = new EvacuationOptions();
            return new LoadGroup(fleet, Pack, options, new LinkMap(fleet.Links, fleet.Hosts, options));
        }
    }

    [Fact]
    public void CPUs_and_virtual_CPUs_have_limits()
    {
        var fleet = Of([Host("a", cpus: 32), Host("b", cpus: 8)], Domain("v1", "a", 7), Domain("v2", "a", 7), Domain("v3", "a", 7));
        // 7 of 8 CPUs are more than the 0.8 that may be busy.
        Assert.Empty(BalancePlanner.Plan(fleet, Balance).Moves);
        Assert.Single(BalancePlanner.Plan(fleet, Balance with { MaxCpu = 0.9 }).Moves);
        Assert.Empty(BalancePlanner.Plan(fleet with { Hosts = [fleet.Hosts[0], fleet.Hosts[1] with { OwnCpu = 1 }] }, Balance with { MaxCpu = 0.9 }).Moves);
        // Its two virtual CPUs are more than an eighth of a CPU's.
        Assert.Empty(BalancePlanner.Plan(fleet, Balance with { MaxCpu = 0.9, CpuOvercommit = 0.125 }).Moves);
    }

    [Fact]
    public void A_VM_that_needs_the_room_of_another_waits_for_it()
    {
        // Only b may take a hot one, and has no room for it while the idle one is there.
        var refused = new Dictionary<string, string> { ["c"] = "its CPU lacks avx512f" };
        var fleet = Of(
            [Host("a", "64GiB"), Host("b", "16GiB"), Host("c", "64GiB")],
            Domain("hot1", "a", 6, "8GiB") with { Refusals = refused }, Domain("hot2", "a", 6, "8GiB") with { Refusals = refused }, Domain("idle", "b", 0.1, "12GiB"));
        var plan = BalancePlanner.Plan(fleet, Balance with { Threshold = 0.02 });
        var hot = Assert.Single(plan.Moves, move => move.Destination == "b");
        Assert.Equal("idle", Assert.Single(hot.After).Name);
        Assert.Contains(plan.Moves, move => move.Domain.Name == "idle");
    }

    [Fact]
    public void Packing_empties_whole_hosts_and_names_them()
    {
        FleetHost[] hosts = [Host("a"), Host("b"), Host("c")];
        var fleet = Of(hosts, Domain("v1", "a", 2, "20GiB"), Domain("v2", "b", 2, "10GiB"), Domain("v3", "c", 2, "20GiB"));
        var plan = BalancePlanner.Plan(fleet, Pack);
        // All 50 GiB fit into one host of 60.8.
        Assert.Equal(["b", "c"], plan.Emptied.Order());
        Assert.All(plan.Moves, move => Assert.Equal("a", move.Destination));
        Assert.Equal("b is emptied; a has 30.8 GiB left for VMs then.", plan.Moves.First(move => move.Source == "b").Reason);
        Assert.Empty(BalancePlanner.Plan(After(fleet, plan), Pack).Moves);
    }

    [Fact]
    public void Packing_keeps_the_room_for_a_host_that_fails()
    {
        FleetHost[] hosts = [Host("a"), Host("b"), Host("c")];
        var fleet = Of(hosts, Domain("v1", "a", 2, "20GiB"), Domain("v2", "b", 2, "10GiB"), Domain("v3", "c", 2, "20GiB"));
        Assert.Equal(["b"], BalancePlanner.Plan(fleet, Pack with { Keep = 1 }).Emptied);
        Assert.Empty(BalancePlanner.Plan(fleet, Pack with { Keep = 2 }).Emptied);
    }

    [Fact]
    public void A_host_that_cannot_be_emptied_whole_is_left_alone()
    {
        var fleet = Of(Two, Domain("v1", "a", 1, "1GiB"), Domain("v2", "a", 1, "1GiB") with { Pinned = "a PCI device is passed through" }, Domain("v3", "b", 1, "60GiB"));
        var plan = BalancePlanner.Plan(fleet, Pack);
        Assert.Empty(plan.Moves);
        Assert.Equal("v2", Assert.Single(plan.Unmovable).Domain.Name);
    }

    [Fact]
    public void Spreading_makes_numbers_equal_with_as_few_and_small_moves_as_can_be()
    {
        FleetHost[] hosts = [Host("a"), Host("b"), Host("c")];
        var fleet = Of(hosts, [.. Enumerable.Range(0, 9).Select(n => Domain($"v{n}", n < 5 ? "a" : "b", 0.1, $"{n + 1}GiB"))]);
        var plan = BalancePlanner.Plan(fleet, Spread);
        // 5, 4, 0: two leave a and one leaves b, and they are the smallest.
        Assert.Equal(["v0", "v1", "v5"], plan.Moves.Select(move => move.Domain.Name).Order());
        Assert.All(plan.Moves, move => Assert.Equal("c", move.Destination));
        Assert.Equal("a has 5 VMs and c 0, with 3 on average.", plan.Moves.First(move => move.Domain.Name == "v0").Reason);
        Assert.Empty(BalancePlanner.Plan(After(fleet, plan), Spread).Moves);
    }

    [Fact]
    public void The_number_of_moves_can_be_limited()
    {
        var fleet = Of(Two, [.. Enumerable.Range(0, 10).Select(n => Domain($"v{n}", "a", 1))]);
        Assert.Equal(2, BalancePlanner.Plan(fleet, Balance with { MaxMoves = 2 }).Moves.Count);
        Assert.Empty(BalancePlanner.Plan(fleet, Pack with { MaxMoves = 0 }).Moves);
    }

    [Fact]
    public void What_is_not_known_is_an_error_and_not_a_zero()
    {
        var fleet = Of([Host("a"), Host("b") with { Cpus = null }], Domain("v1", "a", 6), Domain("v2", "a", 6) with { Cpu = null });
        var error = Assert.Throws<LiveMigrationException>(() => BalancePlanner.Plan(fleet, Balance));
        Assert.Contains("'b' does not report its CPUs", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a' does not report how much CPU 'v2' use", error.Message, StringComparison.Ordinal);
        Assert.Empty(BalancePlanner.Plan(fleet, Balance with { CpuWeight = 0 }).Moves);
    }

    [Theory]
    [InlineData(EvacuationGoal.Balance, 0.0)]
    [InlineData(EvacuationGoal.Balance, double.NaN)]
    [InlineData(EvacuationGoal.Evacuate, 0.1)]
    public void A_request_that_means_nothing_is_refused(EvacuationGoal goal, double threshold) =>
        Assert.Throws<LiveMigrationException>(() => BalancePlanner.Plan(Of(Two), new BalanceOptions { Goal = goal, Threshold = threshold }));
}
