using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation;

/// <summary>V1: what the hosts do not tell of themselves.</summary>
public sealed class FleetDescriptionTests
{
    private static readonly Fleet Surveyed = new()
    {
        Hosts = [Host("a1"), Host("a2"), Host("b1") with { ReservedMemory = ByteSize.Parse("2GiB") }, Host("b2")],
        Domains = [Domain("db1", "a1"), Domain("db2", "a1"), Domain("web", "a2"), Domain("router", "a1") with { Pinned = "it is already being migrated" }],
    };

    [Fact]
    public void Of_what_fits_a_host_the_later_goes_before_and_the_larger_part_is_reserved()
    {
        var description = new FleetDescription
        {
            Links = [Link("line"), Link("b2")],
            Hosts =
            [
                new() { Name = "b*", Links = ["line"], MaxIncoming = 3, ReservedMemory = ByteSize.Parse("1GiB") },
                new() { Name = "b2", Links = ["b2", "line"], VCpus = 8, ReservedMemory = ByteSize.Parse("3GiB") },
            ],
        };
        Assert.Equal(["; ; ; 0 B", "; ; ; 0 B", "line; 3; ; 2 GiB", "b2, line; 3; 8; 3 GiB"], description.Complete(Surveyed).Hosts.Select(Text));
        Assert.Equal("64 GiB", $"{description.Complete(Surveyed).Hosts[3].Memory}");
        Assert.Equal((3, "b2"), (description.LimitsOf("b2").MaxIncoming, description.LimitsOf("b2").Name));

        static string Text(FleetHost host) => $"{string.Join(", ", host.Links)}; {host.MaxIncoming}; {host.VCpus}; {host.ReservedMemory}";
    }

    [Fact]
    public void Domains_go_apart_together_first_or_not_at_all()
    {
        var plan = Plan(
            new() { Name = "db*", AntiAffinityGroup = "db" },
            new() { Name = $"{Surveyed.Domains[1].Uuid}", Priority = 5 },
            new() { Name = "web", AffinityGroup = "pair" },
            new() { Name = "db1", AffinityGroup = "pair" },
            new() { Name = "router", Pinned = "the site hangs on it" });
        var moves = plan.Moves.ToDictionary(move => move.Domain.Name);
        Assert.NotEqual(moves["db1"].Destination, moves["db2"].Destination);
        Assert.Equal(moves["db1"].Destination, moves["web"].Destination);
        Assert.Equal(5, moves["db2"].Domain.Priority);
        // Why it cannot is told rather than why it should not.
        Assert.Equal("it is already being migrated", Assert.Single(plan.Unmovable).Reason);
        Assert.Equal("the site hangs on it", Plan(new DomainWishes { Name = "web", Pinned = "the site hangs on it" }).Unmovable.Single(stays => stays.Domain.Name == "web").Reason);
    }

    [Fact]
    public void A_plan_takes_it_along_and_is_checked_with_it()
    {
        var description = new FleetDescription { Links = [Link("line")], Hosts = [new() { Name = "a*", Links = ["line"] }] };
        var plan = EvacuationPlanner.Plan(description.Complete(Surveyed), ["a1"]);
        Assert.Same(description, plan.Description);
        Assert.Contains("There is no link 'lime'. Did you mean 'line'?", Refusal(description with { Hosts = [new() { Name = "a*", Links = ["lime"] }] }), StringComparison.Ordinal);
        Assert.Contains("The link 'line' has no bandwidth", Refusal(description with { Links = [Link("line", most: 0)] }), StringComparison.Ordinal);
        var changed = plan with { Description = description with { Hosts = [new() { Name = "x", Storage = "lime" }] } };
        Assert.Contains("There is no link 'lime'", Assert.Throws<LiveMigrationException>(() => EvacuationPlanRules.Check(changed, [], [])).Message, StringComparison.Ordinal);

        static string Refusal(FleetDescription description) =>
            Assert.Throws<LiveMigrationException>(() => EvacuationPlanner.Plan(description.Complete(Surveyed), ["a1"])).Message;
    }

    [Fact]
    public void Names_that_fit_nothing_are_known() => Assert.Equal(
        ["c*", "db3"],
        new FleetDescription
        {
            Hosts = [new() { Name = "a?" }, new() { Name = "c*" }],
            Domains = [new() { Name = "db3" }, new() { Name = "web" }],
        }.StrangersTo(Surveyed));

    [Fact]
    public void Disks_are_read_through_what_is_said_of_their_host_unless_more_is_said_of_them()
    {
        var map = new LinkMap(
            [Link("here", "10MiB/s"), Link("there", "20MiB/s"), Link("fast", "1GiB/s")],
            [Host("a") with { Storage = "here" }, Host("b") with { Storage = "there" }],
            new EvacuationOptions { Bandwidth = Bandwidth.Unlimited });
        var copied = Domain("db") with { Disks = ByteSize.Parse("1GiB") };
        Assert.Equal(10 << 20, map.Narrowest(map.Way(copied, "b")));
        Assert.Equal(20 << 20, map.Narrowest(map.Way(copied with { Storage = ["fast"] }, "b")));
        Assert.True(map.IsUnlimited(map.Way(Domain("web"), "b")));
    }

    private static EvacuationPlan Plan(params DomainWishes[] wishes) =>
        EvacuationPlanner.Plan(new FleetDescription { Domains = wishes }.Complete(Surveyed), ["a1", "a2"], new EvacuationOptions { Destinations = ["b1", "b2"] });
}
