using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Running;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Running;

/// <summary>V3: what an evacuation decides while it runs.</summary>
public sealed class DecisionTests
{
    private static readonly GuestPresence Silent = GuestPresence.Unreachable;
    private static readonly GuestPresence Absent = GuestPresence.Absent;
    private static readonly GuestPresence Runs = LibvirtPresence.Of(new DomainStatus(DomainState.Running, 1));
    private static readonly GuestPresence Arrives = LibvirtPresence.Of(new DomainStatus(DomainState.Paused, 11));
    private static readonly GuestPresence Stands = LibvirtPresence.Of(new DomainStatus(DomainState.Paused, 2));

    [Fact]
    public void No_limit_is_passed_and_who_waits_for_another_waits()
    {
        var moves = Plan(Domain("one"), Domain("two"), Domain("three"), Domain("four")).Moves.Select(move => new MoveState(move with { Destination = "b" })).ToList();
        var options = new EvacuationOptions { MaxOutgoing = 3, MaxIncoming = 2, Bandwidth = Bandwidth.Unlimited };
        Assert.Equal(moves.Take(2), Admit(moves, [], options));
        Assert.Equal(moves.Skip(1).Take(1), Admit(moves.Skip(1), moves.Take(1).ToList(), options));
        moves[0].Planned = moves[0].Planned with { After = [moves[3].Planned.Domain] };
        Assert.Equal(moves.Skip(1).Take(2), Admit(moves, [], options));
        Assert.Equal(moves.Take(2), Admit(moves, [], options, vm => vm == moves[3].Uuid));
        // A narrow link carries one, and a daemon never more than it has workers for.
        Assert.Single(Admit(moves.Skip(1), [], options with { Bandwidth = Bandwidth.Parse("2MiB/s") }));
        var many = Enumerable.Range(0, 30).Select(n => new MoveState(moves[1].Planned with { Domain = Domain($"vm{n}") })).ToList();
        Assert.Equal(12, Admit(many, [], options with { MaxOutgoing = 100, MaxIncoming = 100 }).Count);
    }

    /// <summary>A guest of 4 GiB takes 40 s: whoever began beside it would send a trickle, again and again. Small ones begin together.</summary>
    [Fact]
    public void Who_would_find_no_room_on_the_link_does_not_begin_yet()
    {
        var moves = Plan(Domain("one"), Domain("two"), Domain("three")).Moves.Select(move => new MoveState(move with { Destination = "b" })).ToList();
        Assert.Equal(4096, moves[0].BytesLeft / 1048576);
        Assert.Single(Admit("100MiB/s"));
        Assert.Equal(3, Admit("3GiB/s").Count);
        Assert.Equal(3, Admit("max").Count);
        Assert.Equal(3, Admit("100MiB/s", asMany: true).Count);
        moves[1].Destination = "c";
        moves[2].Planned = moves[2].Planned with { Domain = Domain("three", "d") };
        Assert.Single(Admit("100MiB/s"));
        moves[2].Destination = "e";
        Assert.Equal([moves[0], moves[2]], Admit("100MiB/s"));
        moves[1].IsInterrupted = true;
        Assert.Equal(3, Admit("100MiB/s").Count);

        IReadOnlyList<MoveState> Admit(string bandwidth, bool asMany = false)
        {
            var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) };
            return AdmissionControl.Admit(moves, [], Map(options), options, _ => true, asMany);
        }
    }

    /// <summary>Two racks are emptied at once, over one line to the other site.</summary>
    [Fact]
    public void Named_links_carry_as_many_and_as_much_as_is_said_of_them()
    {
        var moves = Plan(Domain("one"), Domain("two")).Moves.Select(move => new MoveState(move)).ToArray();
        moves[0].Destination = "c";
        (moves[1].Planned, moves[1].Destination) = (moves[1].Planned with { Domain = Domain("two", "b") }, "d");
        Assert.Equal(2, Admit("1000Gbit/s", most: null, bandwidth: "max").Count);
        Assert.Single(Admit("1000Gbit/s", most: 1, bandwidth: "max"));
        Assert.Single(Admit("100MiB/s", most: null, bandwidth: "max"));
        Assert.Equal(2, Admit("100MiB/s", most: null, bandwidth: "max", asMany: true).Count);
        Assert.Equal(2, Admit("10Gbit/s", most: null, bandwidth: "100MiB/s").Count);

        IReadOnlyList<MoveState> Admit(string line, int? most, string bandwidth, bool asMany = false)
        {
            var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) };
            var map = new LinkMap(
                [Link("rack1", "10Gbit/s"), Link("rack2", "10Gbit/s"), Link("line", line, most)],
                [Host("a", links: ["rack1", "line"]), Host("b", links: ["rack2", "line"]), Host("c"), Host("d")],
                options);
            return AdmissionControl.Admit(moves, [], map, options, _ => true, asMany);
        }
    }

    [Theory]
    [InlineData("1Gbit/s", "max", true)]
    [InlineData("10Gbit/s", "200Mbit/s", true)]
    [InlineData("2.5Gbit/s", "10Gbit/s", false)]
    [InlineData("max", "max", false)]
    public void What_passes_a_narrow_link_is_compressed(string line, string bandwidth, bool narrow)
    {
        var map = new LinkMap([Link("line", line)], [Host("a", links: ["line"]), Host("b")], new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) });
        Assert.Equal(narrow, map.IsNarrow(map.Way(Domain("one"), "b")));
    }

    [Fact]
    public void A_host_has_limits_of_its_own()
    {
        var moves = Plan(Domain("one"), Domain("two"), Domain("three")).Moves.Select(move => new MoveState(move with { Destination = "b" })).ToList();
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Unlimited };
        Assert.Equal(2, AdmissionControl.Admit(moves, [], new LinkMap([], [Host("a") with { MaxOutgoing = 2 }, Host("b")], options), options, _ => true).Count);
        Assert.Single(AdmissionControl.Admit(moves, [], new LinkMap([], [Host("a"), Host("b") with { MaxIncoming = 1 }], options), options, _ => true));
    }

    [Theory]
    [InlineData(MigrationPhase.Copying, 1, 50, false)]
    [InlineData(MigrationPhase.Copying, 2, 5, false)]
    [InlineData(MigrationPhase.Copying, 2, 15, true)]
    [InlineData(MigrationPhase.Copying, 7, 5, true)]
    [InlineData(MigrationPhase.Switching, 7, 50, false)]
    public void Only_a_guest_that_writes_much_pauses_for_longer(MigrationPhase phase, int pass, int dirty, bool longer) =>
        Assert.Equal(longer, DowntimeController.NeedsMore(new MigrationProgress
        {
            Phase = phase, Percent = 50, Iteration = pass, Rate = Bandwidth.Parse("100MiB/s").BytesPerSecond, DirtyRate = Bandwidth.Parse($"{dirty}MiB/s").BytesPerSecond,
        }));

    [Fact]
    public void A_failure_is_tried_elsewhere_first_and_then_again()
    {
        var move = Plan(Domain("web")).Moves[0] with { Destination = "b", Alternatives = ["c"] };
        var policy = new EvacuationPolicy { Attempts = 3 };
        Assert.Equal("c", After(move, ["b"], policy).Destination);
        Assert.Equal("b", After(move, ["b", "c"], policy).Destination);
        Assert.Equal(RetryStep.Leave, After(move, ["b", "c", "b"], policy).Step);
        Assert.Equal("b", After(move, ["b"], policy, lost: "c").Destination);
        Assert.Equal(RetryStep.Replan, After(move with { Alternatives = [] }, ["b"], policy, lost: "b").Step);
        Assert.Equal(RetryStep.Leave, After(move, ["b"], policy with { OnFailure = OnFailure.Skip }).Step);
        Assert.Equal(RetryStep.Halt, After(move, ["b"], policy with { OnFailure = OnFailure.Stop }).Step);
    }

    [Fact]
    public void Another_destination_is_none_where_the_wrong_company_is()
    {
        var one = new MoveState(Plan(Domain("one") with { AntiAffinityGroup = "apart" }).Moves[0] with { Destination = "b" });
        var two = new MoveState(Plan(Domain("two") with { AntiAffinityGroup = "apart", AffinityGroup = "pair" }).Moves[0] with { Destination = "c" });
        var three = new MoveState(Plan(Domain("three") with { AffinityGroup = "pair" }).Moves[0] with { Destination = "c" });
        MoveState[] all = [one, two, three];
        Assert.True(AffinityRules.Bars(one, "c", all));
        Assert.False(AffinityRules.Bars(one, "d", all));
        Assert.False(AffinityRules.Bars(three, "c", all));
        Assert.True(AffinityRules.Bars(three, "b", all));
        two.State = EvacuatedState.Stayed;
        Assert.False(AffinityRules.Bars(one, "c", all));
        Assert.False(AffinityRules.Bars(three, "b", all));
    }

    /// <summary>b is lost, where "one" was to go; "two" belongs with it, and "three" must not be where it is.</summary>
    [Theory]
    [InlineData("c", "c", "d")]
    [InlineData("b", "d", null)]
    [InlineData(null, null, null)]
    public void A_new_place_is_looked_for_beside_those_that_are_bound_for_others(string? two, string? placed, string? three)
    {
        string[] places = ["c", "d"];
        var fleet = new Fleet
        {
            Hosts = [Host("a"), Host("c"), Host("d")],
            Domains =
            [
                Domain("one") with { AffinityGroup = "pair", AntiAffinityGroup = "apart" },
                Replanning.Elsewhere(Domain("two") with { AffinityGroup = "pair" }, two, places),
                Replanning.Elsewhere(Domain("three") with { AntiAffinityGroup = "apart" }, three ?? "c", places),
            ],
        };
        var plan = EvacuationPlanner.Plan(fleet, ["a"], new EvacuationOptions { Destinations = places });
        Assert.Equal(placed, plan.Moves.SingleOrDefault(move => move.Domain.Name == "one")?.Destination);
        if (placed is null)
            Assert.Contains("it must stay together with 'two'", plan.Unmovable.Single(stays => stays.Domain.Name == "one").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Suspend_pauses_in_the_last_try_or_as_soon_as_it_is_known_to_be_needed()
    {
        var move = Plan(Domain("web")).Moves[0];
        var policy = new EvacuationPolicy { Attempts = 3, OnFailure = OnFailure.Suspend };
        Assert.False(After(move, ["b"], policy).Pauses);
        Assert.True(After(move, ["b", "c"], policy).Pauses);
        Assert.True(RetryDecision.After(move, ["b"], MigrationVerdict.Stayed, Faults.NotConverging, policy, _ => false).Pauses);
    }

    [Theory]
    [InlineData(MigrationVerdict.Lost, RetryStep.Halt)]
    [InlineData(MigrationVerdict.Twice, RetryStep.Halt)]
    [InlineData(MigrationVerdict.Unsettled, RetryStep.Unclear)]
    [InlineData(MigrationVerdict.InPostCopy, RetryStep.Unclear)]
    [InlineData(MigrationVerdict.PostCopyBroken, RetryStep.Unclear)]
    [InlineData(MigrationVerdict.ShutOff, RetryStep.Leave)]
    public void What_is_not_known_to_be_at_the_source_is_not_tried_again(object verdict, object step) =>
        Assert.Equal((RetryStep)step, RetryDecision.After(Plan(Domain("web")).Moves[0], ["b"], (MigrationVerdict)verdict, Faults.StreamBroken, new EvacuationPolicy(), _ => false).Step);

    [Fact]
    public void A_deadline_leaves_suspends_or_switches_in_time()
    {
        var (needed, left) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        Assert.Equal(new DeadlineDecision(true), DeadlineDecision.Of(null, needed, OnDeadline.Leave));
        Assert.Equal(new DeadlineDecision(true, left, TimeoutAction.Abort), DeadlineDecision.Of(left, needed, OnDeadline.Leave));
        Assert.False(DeadlineDecision.Of(TimeSpan.FromSeconds(9), needed, OnDeadline.Leave).MayBegin);
        Assert.Equal(new DeadlineDecision(true, left - needed, TimeoutAction.Suspend), DeadlineDecision.Of(left, needed, OnDeadline.Suspend));
        Assert.Equal(new DeadlineDecision(true, TimeSpan.FromSeconds(1), TimeoutAction.PostCopy), DeadlineDecision.Of(TimeSpan.FromSeconds(9), needed, OnDeadline.PostCopy));
        Assert.False(DeadlineDecision.Of(TimeSpan.FromSeconds(-1), needed, OnDeadline.Suspend).MayBegin);
    }

    [Fact]
    public void What_a_dead_client_left_is_told_from_what_all_hosts_say()
    {
        Assert.Equal(LocationState.AtSource, See(Runs, Absent, Absent).Where);
        Assert.Equal(LocationState.AtSource, See(Runs, Silent, Absent).Where);
        Assert.Equal(LocationState.AtSource, See(Stands, Absent, Absent).Where);
        // D10: a guest that is paused here may run where nobody answers.
        Assert.Equal(LocationState.Unclear, See(Stands, Silent, Absent).Where);
        Assert.Equal(LocationState.Unclear, See(Arrives, Absent, Silent).Where);
        Assert.Equal(LocationState.AtSource, See(Arrives, Absent, Absent).Where);
        Assert.Equal(new DomainLocation(LocationState.Arrived, "c"), See(Absent, Absent, Runs));
        Assert.Equal(new DomainLocation(LocationState.Arrived, "b"), See(Silent, Runs, Absent));
        Assert.Equal(new DomainLocation(LocationState.OnItsWay, "b"), See(Runs, Arrives, Absent, migrates: true));
        Assert.Equal(LocationState.OnItsWay, See(Runs, Absent, Absent, migrates: true).Where);
        Assert.Equal(LocationState.Nowhere, See(Absent, Absent, Absent).Where);
        Assert.Equal(LocationState.Unclear, See(Absent, Silent, Absent).Where);
        Assert.Equal(LocationState.Unclear, See(Silent, Absent, Absent).Where);
        Assert.Equal(LocationState.Twice, See(Runs, Absent, Runs).Where);
        Assert.Equal(LocationState.Twice, See(Absent, Runs, Runs).Where);
    }

    [Fact]
    public async Task Who_is_stranded_while_places_are_looked_for_is_looked_for_next()
    {
        var plan = Plan(Domain("one"), Domain("two")) with { IsReturn = true };
        var moves = plan.Moves.Select(move => new MoveState(move)).ToList();
        var lost = new UnreachableHosts(plan, new Dictionary<string, LiveMigration.Hosts.LibvirtHost>());
        Assert.All(moves, move => Assert.True(lost.IsStranded(move)));
        foreach (var move in moves)
        {
            lost.Search([move], moves);
            lost.Search(moves, moves);
            IReadOnlyList<(MoveState MoveState, PlannedMove? Move, string? Reason)> found;
            while ((found = await lost.FoundAsync()).Count == 0)
                Assert.True(lost.IsSearching);
            Assert.Equal((move, null, null), Assert.Single(found));
            Assert.False(lost.IsSearching);
        }
    }

    [Fact]
    public void The_time_left_is_what_is_left_by_what_was_measured()
    {
        var moves = Plan(Domain("one", memory: "1GiB"), Domain("two", memory: "1GiB")).Moves.Select(move => new MoveState(move)).ToList();
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse("100MiB/s"), Overhead = TimeSpan.Zero };
        Assert.Equal(20.48, EvacuationForecast.TimeLeft(moves, Map(options), options, new Dictionary<(string, double), double>()).TotalSeconds, 2);
        Assert.Equal(40.96, EvacuationForecast.TimeLeft(moves, Map(options), options, new Dictionary<(string, double), double> { [("a", 100 << 20)] = 50 << 20 }).TotalSeconds, 2);
        moves[0].State = EvacuatedState.Moved;
        Assert.Equal(10.24, EvacuationForecast.TimeLeft(moves, Map(options), options, new Dictionary<(string, double), double>()).TotalSeconds, 2);
    }

    private static EvacuationPlan Plan(params LiveMigration.Evacuation.Fleets.FleetDomain[] domains) => EvacuationPlanner.Plan(Three(domains), ["a"]);

    private static LinkMap Map(EvacuationOptions options) => new([], "abcde".Select(host => Host($"{host}")), options);

    private static IReadOnlyList<MoveState> Admit(IEnumerable<MoveState> waiting, IReadOnlyCollection<MoveState> moving, EvacuationOptions options, Func<Guid, bool>? isAway = null) =>
        AdmissionControl.Admit(waiting, moving, Map(options), options, isAway ?? (_ => false));

    [Fact]
    public void What_a_host_cannot_do_is_not_tried_there_again()
    {
        var move = Plan(Domain("web")).Moves[0];
        var elsewhere = move with { Destination = "b", Alternatives = ["c"] };

        Assert.Equal(RetryStep.Leave, After(move with { Destination = "b", Alternatives = [] }, Faults.NotSupported).Step);
        Assert.Equal((RetryStep.Again, "c"), (After(elsewhere, Faults.NotSupported).Step, After(elsewhere, Faults.NotSupported).Destination));
        Assert.Equal(RetryStep.Again, After(move with { Destination = "b", Alternatives = [] }, Faults.StreamBroken).Step);

        // What is in the way is in the VM, wherever it would go.
        Assert.Equal(RetryStep.Leave, After(elsewhere, Faults.CopyLeftover).Step);

        static RetryDecision After(PlannedMove move, Fault fault) =>
            RetryDecision.After(move, ["b"], MigrationVerdict.Stayed, fault, new EvacuationPolicy { Attempts = 3 }, _ => false);
    }

    private static RetryDecision After(PlannedMove move, string[] tried, EvacuationPolicy policy, string lost = "") =>
        RetryDecision.After(move, tried, MigrationVerdict.Stayed, Faults.StreamBroken, policy, host => host == lost);

    private static DomainLocation See(GuestPresence source, GuestPresence b, GuestPresence c, bool migrates = false) =>
        DomainLocation.Of(source, new Dictionary<string, GuestPresence> { ["b"] = b, ["c"] = c }, migrates);
}
