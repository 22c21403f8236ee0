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
        var moves = Plan(Domain("one"), Domain("two"), Domain("three"), Domain("four")).Moves.Select(move => new Journey(move with { Destination = "b" })).ToList();
        var options = new EvacuationOptions { MaxOutgoing = 3, MaxIncoming = 2, Bandwidth = Bandwidth.Unlimited };
        Assert.Equal(moves.Take(2), Admit(moves, [], options));
        Assert.Equal(moves.Skip(1).Take(1), Admit(moves.Skip(1), moves.Take(1).ToList(), options));
        moves[0].Move = moves[0].Move with { After = [moves[3].Move.Domain] };
        Assert.Equal(moves.Skip(1).Take(2), Admit(moves, [], options));
        Assert.Equal(moves.Take(2), Admit(moves, [], options, vm => vm == moves[3].Uuid));
        // A narrow link carries one, and a daemon never more than it has workers for.
        Assert.Single(Admit(moves.Skip(1), [], options with { Bandwidth = Bandwidth.Parse("2MiB/s") }));
        var many = Enumerable.Range(0, 30).Select(n => new Journey(moves[1].Move with { Domain = Domain($"vm{n}") })).ToList();
        Assert.Equal(12, Admit(many, [], options with { MaxOutgoing = 100, MaxIncoming = 100 }).Count);
    }

    /// <summary>A guest of 4 GiB takes 40 s: whoever began beside it would send a trickle, again and again. Small ones begin together.</summary>
    [Fact]
    public void Who_would_find_no_room_on_the_link_does_not_begin_yet()
    {
        var moves = Plan(Domain("one"), Domain("two"), Domain("three")).Moves.Select(move => new Journey(move with { Destination = "b" })).ToList();
        Assert.Equal(4096, moves[0].BytesLeft / 1048576);
        Assert.Single(Admit("100MiB/s"));
        Assert.Equal(3, Admit("3GiB/s").Count);
        Assert.Equal(3, Admit("max").Count);
        Assert.Equal(3, Admit("100MiB/s", asMany: true).Count);
        moves[1].Destination = "c";
        moves[2].Move = moves[2].Move with { Domain = Domain("three", "d") };
        Assert.Single(Admit("100MiB/s"));
        moves[2].Destination = "e";
        Assert.Equal([moves[0], moves[2]], Admit("100MiB/s"));
        moves[1].IsFoundling = true;
        Assert.Equal(3, Admit("100MiB/s").Count);

        IReadOnlyList<Journey> Admit(string bandwidth, bool asMany = false)
        {
            var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) };
            return Turnstile.Admit(moves, [], Map(options), options, _ => true, asMany);
        }
    }

    /// <summary>Two racks are emptied at once, over one line to the other site.</summary>
    [Fact]
    public void Named_links_carry_as_many_and_as_much_as_is_said_of_them()
    {
        var moves = Plan(Domain("one"), Domain("two")).Moves.Select(move => new Journey(move)).ToArray();
        moves[0].Destination = "c";
        (moves[1].Move, moves[1].Destination) = (moves[1].Move with { Domain = Domain("two", "b") }, "d");
        Assert.Equal(2, Admit("1000Gbit/s", most: null, bandwidth: "max").Count);
        Assert.Single(Admit("1000Gbit/s", most: 1, bandwidth: "max"));
        Assert.Single(Admit("100MiB/s", most: null, bandwidth: "max"));
        Assert.Equal(2, Admit("100MiB/s", most: null, bandwidth: "max", asMany: true).Count);
        Assert.Equal(2, Admit("10Gbit/s", most: null, bandwidth: "100MiB/s").Count);

        IReadOnlyList<Journey> Admit(string line, int? most, string bandwidth, bool asMany = false)
        {
            var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) };
            var map = new LinkMap(
                [Link("rack1", "10Gbit/s"), Link("rack2", "10Gbit/s"), Link("line", line, most)],
                [Host("a", links: ["rack1", "line"]), Host("b", links: ["rack2", "line"]), Host("c"), Host("d")],
                options);
            return Turnstile.Admit(moves, [], map, options, _ => true, asMany);
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
        var moves = Plan(Domain("one"), Domain("two"), Domain("three")).Moves.Select(move => new Journey(move with { Destination = "b" })).ToList();
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Unlimited };
        Assert.Equal(2, Turnstile.Admit(moves, [], new LinkMap([], [Host("a") with { MaxOutgoing = 2 }, Host("b")], options), options, _ => true).Count);
        Assert.Single(Turnstile.Admit(moves, [], new LinkMap([], [Host("a"), Host("b") with { MaxIncoming = 1 }], options), options, _ => true));
    }

    [Theory]
    [InlineData(MigrationPhase.Copying, 1, 50, false)]
    [InlineData(MigrationPhase.Copying, 2, 5, false)]
    [InlineData(MigrationPhase.Copying, 2, 15, true)]
    [InlineData(MigrationPhase.Copying, 7, 5, true)]
    [InlineData(MigrationPhase.Switching, 7, 50, false)]
    public void Only_a_guest_that_writes_much_pauses_for_longer(MigrationPhase phase, int pass, int dirty, bool longer) =>
        Assert.Equal(longer, ShortPause.NeedsMore(new MigrationProgress
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
        Assert.Equal(NextStep.Leave, After(move, ["b", "c", "b"], policy).Step);
        Assert.Equal("b", After(move, ["b"], policy, lost: "c").Destination);
        Assert.Equal(NextStep.Replan, After(move with { Alternatives = [] }, ["b"], policy, lost: "b").Step);
        Assert.Equal(NextStep.Leave, After(move, ["b"], policy with { OnFailure = OnFailure.Skip }).Step);
        Assert.Equal(NextStep.Halt, After(move, ["b"], policy with { OnFailure = OnFailure.Stop }).Step);
    }

    [Fact]
    public void Another_destination_is_none_where_the_wrong_company_is()
    {
        var one = new Journey(Plan(Domain("one") with { AntiAffinityGroup = "apart" }).Moves[0] with { Destination = "b" });
        var two = new Journey(Plan(Domain("two") with { AntiAffinityGroup = "apart", AffinityGroup = "pair" }).Moves[0] with { Destination = "c" });
        var three = new Journey(Plan(Domain("three") with { AffinityGroup = "pair" }).Moves[0] with { Destination = "c" });
        Journey[] all = [one, two, three];
        Assert.True(Company.Bars(one, "c", all));
        Assert.False(Company.Bars(one, "d", all));
        Assert.False(Company.Bars(three, "c", all));
        Assert.True(Company.Bars(three, "b", all));
        two.State = EvacuatedState.Stayed;
        Assert.False(Company.Bars(one, "c", all));
        Assert.False(Company.Bars(three, "b", all));
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
        Assert.True(NextTry.After(move, ["b"], MigrationVerdict.Stayed, Faults.NotConverging, policy, _ => false).Pauses);
    }

    [Theory]
    [InlineData(MigrationVerdict.Lost, NextStep.Halt)]
    [InlineData(MigrationVerdict.Twice, NextStep.Halt)]
    [InlineData(MigrationVerdict.Unsettled, NextStep.Unclear)]
    [InlineData(MigrationVerdict.InPostCopy, NextStep.Unclear)]
    [InlineData(MigrationVerdict.PostCopyBroken, NextStep.Unclear)]
    [InlineData(MigrationVerdict.ShutOff, NextStep.Leave)]
    public void What_is_not_known_to_be_at_the_source_is_not_tried_again(object verdict, object step) =>
        Assert.Equal((NextStep)step, NextTry.After(Plan(Domain("web")).Moves[0], ["b"], (MigrationVerdict)verdict, Faults.StreamBroken, new EvacuationPolicy(), _ => false).Step);

    [Fact]
    public void A_deadline_leaves_suspends_or_switches_in_time()
    {
        var (needed, left) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        Assert.Equal(new Punctuality(true), Punctuality.Of(null, needed, OnDeadline.Leave));
        Assert.Equal(new Punctuality(true, left, TimeoutAction.Abort), Punctuality.Of(left, needed, OnDeadline.Leave));
        Assert.False(Punctuality.Of(TimeSpan.FromSeconds(9), needed, OnDeadline.Leave).MayBegin);
        Assert.Equal(new Punctuality(true, left - needed, TimeoutAction.Suspend), Punctuality.Of(left, needed, OnDeadline.Suspend));
        Assert.Equal(new Punctuality(true, TimeSpan.FromSeconds(1), TimeoutAction.PostCopy), Punctuality.Of(TimeSpan.FromSeconds(9), needed, OnDeadline.PostCopy));
        Assert.False(Punctuality.Of(TimeSpan.FromSeconds(-1), needed, OnDeadline.Suspend).MayBegin);
    }

    [Fact]
    public void What_a_dead_client_left_is_told_from_what_all_hosts_say()
    {
        Assert.Equal(Whereto.AtSource, See(Runs, Absent, Absent).Where);
        Assert.Equal(Whereto.AtSource, See(Runs, Silent, Absent).Where);
        Assert.Equal(Whereto.AtSource, See(Stands, Absent, Absent).Where);
        // D10: a guest that is paused here may run where nobody answers.
        Assert.Equal(Whereto.Unclear, See(Stands, Silent, Absent).Where);
        Assert.Equal(Whereto.Unclear, See(Arrives, Absent, Silent).Where);
        Assert.Equal(Whereto.AtSource, See(Arrives, Absent, Absent).Where);
        Assert.Equal(new Sighting(Whereto.Arrived, "c"), See(Absent, Absent, Runs));
        Assert.Equal(new Sighting(Whereto.Arrived, "b"), See(Silent, Runs, Absent));
        Assert.Equal(new Sighting(Whereto.OnItsWay, "b"), See(Runs, Arrives, Absent, migrates: true));
        Assert.Equal(Whereto.OnItsWay, See(Runs, Absent, Absent, migrates: true).Where);
        Assert.Equal(Whereto.Nowhere, See(Absent, Absent, Absent).Where);
        Assert.Equal(Whereto.Unclear, See(Absent, Silent, Absent).Where);
        Assert.Equal(Whereto.Unclear, See(Silent, Absent, Absent).Where);
        Assert.Equal(Whereto.Twice, See(Runs, Absent, Runs).Where);
        Assert.Equal(Whereto.Twice, See(Absent, Runs, Runs).Where);
    }

    [Fact]
    public async Task Who_is_stranded_while_places_are_looked_for_is_looked_for_next()
    {
        var plan = Plan(Domain("one"), Domain("two")) with { IsReturn = true };
        var journeys = plan.Moves.Select(move => new Journey(move)).ToList();
        var lost = new LostHosts(plan, new Dictionary<string, LiveMigration.Hosts.LibvirtHost>());
        Assert.All(journeys, journey => Assert.True(lost.IsStranded(journey)));
        foreach (var journey in journeys)
        {
            lost.Search([journey], journeys);
            lost.Search(journeys, journeys);
            IReadOnlyList<(Journey Journey, PlannedMove? Move, string? Reason)> found;
            while ((found = await lost.FoundAsync()).Count == 0)
                Assert.True(lost.IsSearching);
            Assert.Equal((journey, null, null), Assert.Single(found));
            Assert.False(lost.IsSearching);
        }
    }

    [Fact]
    public void The_time_left_is_what_is_left_by_what_was_measured()
    {
        var journeys = Plan(Domain("one", memory: "1GiB"), Domain("two", memory: "1GiB")).Moves.Select(move => new Journey(move)).ToList();
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse("100MiB/s"), Overhead = TimeSpan.Zero };
        Assert.Equal(20.48, Outlook.TimeLeft(journeys, Map(options), options, new Dictionary<(string, double), double>()).TotalSeconds, 2);
        Assert.Equal(40.96, Outlook.TimeLeft(journeys, Map(options), options, new Dictionary<(string, double), double> { [("a", 100 << 20)] = 50 << 20 }).TotalSeconds, 2);
        journeys[0].State = EvacuatedState.Moved;
        Assert.Equal(10.24, Outlook.TimeLeft(journeys, Map(options), options, new Dictionary<(string, double), double>()).TotalSeconds, 2);
    }

    private static EvacuationPlan Plan(params LiveMigration.Evacuation.Fleets.FleetDomain[] domains) => EvacuationPlanner.Plan(Three(domains), ["a"]);

    private static LinkMap Map(EvacuationOptions options) => new([], "abcde".Select(host => Host($"{host}")), options);

    private static IReadOnlyList<Journey> Admit(IEnumerable<Journey> waiting, IReadOnlyCollection<Journey> moving, EvacuationOptions options, Func<Guid, bool>? isAway = null) =>
        Turnstile.Admit(waiting, moving, Map(options), options, isAway ?? (_ => false));

    [Fact]
    public void What_a_host_cannot_do_is_not_tried_there_again()
    {
        var move = Plan(Domain("web")).Moves[0];
        var elsewhere = move with { Destination = "b", Alternatives = ["c"] };

        Assert.Equal(NextStep.Leave, After(move with { Destination = "b", Alternatives = [] }, Faults.NotSupported).Step);
        Assert.Equal((NextStep.Again, "c"), (After(elsewhere, Faults.NotSupported).Step, After(elsewhere, Faults.NotSupported).Destination));
        Assert.Equal(NextStep.Again, After(move with { Destination = "b", Alternatives = [] }, Faults.StreamBroken).Step);

        // What is in the way is in the VM, wherever it would go.
        Assert.Equal(NextStep.Leave, After(elsewhere, Faults.CopyLeftover).Step);

        static NextTry After(PlannedMove move, Fault fault) =>
            NextTry.After(move, ["b"], MigrationVerdict.Stayed, fault, new EvacuationPolicy { Attempts = 3 }, _ => false);
    }

    private static NextTry After(PlannedMove move, string[] tried, EvacuationPolicy policy, string lost = "") =>
        NextTry.After(move, tried, MigrationVerdict.Stayed, Faults.StreamBroken, policy, host => host == lost);

    private static Sighting See(GuestPresence source, GuestPresence b, GuestPresence c, bool migrates = false) =>
        Sighting.Of(source, new Dictionary<string, GuestPresence> { ["b"] = b, ["c"] = c }, migrates);
}
