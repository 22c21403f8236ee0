using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Running;
using LiveMigration.Monitoring;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Running;

/// <summary>V3: one budget, divided again as migrations come and go.</summary>
public sealed class BandwidthAllocatorTests
{
    [Fact]
    public void Whoever_is_about_to_finish_gets_the_link_and_the_others_a_trickle() =>
        Assert.Equal([97, 1, 1, 1], Divide("100MiB/s", Send(10), Send(500), Send(200), Send(300)));

    [Fact]
    public void A_hot_one_goes_before_all_and_one_that_never_ends_after_all() =>
        Assert.Equal([1, 98, 1], Divide("100MiB/s", Send(10) with { Last = true, First = true }, Send(500) with { First = true }, Send(5)));

    [Fact]
    public void What_the_first_does_not_use_is_the_next_ones() =>
        Assert.Equal([98, 61, 1], Divide("100MiB/s", Send(10) with { Rate = 31 << 20 }, Send(20), Send(30)).Select(share => share is 60 or 61 ? 61 : share));

    [Fact]
    public void Whose_limit_cannot_be_changed_keeps_it_and_the_others_have_the_rest() =>
        Assert.Equal([25, 74, 1], Divide("100MiB/s", Send(1) with { Fixed = 25 << 20 }, Send(500), Send(600)));

    [Fact]
    public void Other_destinations_are_other_links_and_the_source_is_one()
    {
        Assert.Equal([99, 1], Divide("100MiB/s", Send(10, "a", "b"), Send(20, "a", "c")));
        Assert.Equal([100, 100], Divide("100MiB/s", Send(10, "a", "b"), Send(20, "c", "d")));
        Assert.Equal([99, 1], Divide("100MiB/s", Send(10, "a", "c"), Send(20, "b", "c")));
    }

    [Fact]
    public void All_who_pass_a_named_link_share_it_whatever_hosts_they_are_on()
    {
        var map = new LinkMap(
            [Link("line", "100MiB/s"), Link("rack", "400MiB/s"), Link("disks", "50MiB/s")],
            [Host("a", links: ["rack", "line"]), Host("b", links: ["rack", "line"]), Host("c"), Host("d") with { Storage = "disks" }],
            new EvacuationOptions { Bandwidth = Bandwidth.Parse("300MiB/s") });
        Assert.Equal([99, 1], Divide(map, Send(10, "a", "c"), Send(20, "b", "d")));
        // Both are in the rack: they pass neither its uplink nor the line, but their cards are shared.
        Assert.Equal([1, 299], Divide(map, Send(20, "a", "c"), Send(10, "a", "b")));
        Assert.Equal([300], Divide(map, Send(10, "c", "d")));
        Assert.Equal([50], Divide(map, Copy(Send(10, "c", "d"))));
    }

    [Fact]
    public void One_without_a_limit_leaves_the_others_theirs()
    {
        var map = new LinkMap([Link("line", "100MiB/s")], [Host("a"), Host("b", links: "line"), Host("c")], new EvacuationOptions { Bandwidth = Bandwidth.Unlimited });
        Assert.Equal([0, 100], Divide(map, Send(10, "a", "c"), Send(20, "a", "b")));
    }

    [Fact]
    public void Without_a_limit_there_is_none() => Assert.Equal([0, 0], Divide("max", Send(1), Send(2)));

    [Fact]
    public void A_link_that_is_too_narrow_for_all_still_gives_each_the_least() => Assert.All(Divide("1MiB/s", Send(1), Send(2), Send(3)), share => Assert.Equal(1, share));

    [Theory]
    [InlineData(MigrationPhase.Copying, 0, true)]
    [InlineData(MigrationPhase.Switching, 4096, true)]
    [InlineData(MigrationPhase.Switching, 0, false)]
    [InlineData(MigrationPhase.Verifying, 0, false)]
    public void Who_has_sent_its_last_page_leaves_the_link_to_the_others(MigrationPhase phase, long left, bool sends) =>
        Assert.Equal(sends, MoveState.Sends(new MigrationProgress { Phase = phase, Percent = 99, Remaining = new ByteSize(left) }));

    private static BandwidthDemand Send(double left, string source = "a", string destination = "b") => new(Domain($"{Guid.NewGuid()}", source), destination, left * 1048576, false, false, null);

    private static BandwidthDemand Copy(BandwidthDemand demand) => demand with { Domain = demand.Domain with { Disks = ByteSize.Parse("1GiB") } };

    private static int[] Divide(string bandwidth, params BandwidthDemand[] demands) =>
        Divide(new LinkMap([], [Host("a"), Host("b"), Host("c"), Host("d")], new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth) }), demands);

    private static int[] Divide(LinkMap map, params BandwidthDemand[] demands)
    {
        var shares = BandwidthAllocator.Divide(demands, map);
        return [.. demands.Select(demand => (int)shares[demand.Domain.Uuid].MebibytesPerSecond)];
    }
}
