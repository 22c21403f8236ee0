using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>V1 on four real hosts: several at once, moves that wait for other moves, and what is said of the fleet.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EvacuationFleetTests(LabHosts lab) : IAsyncLifetime
{
    private readonly List<LabHosts.Guest> _guests = [];
    private readonly List<string> _journals = [];
    private LibvirtHost _c = null!;
    private LibvirtHost _d = null!;

    public async Task InitializeAsync()
    {
        await LabHosts.RunAsync("up", "c", "d");
        (_c, _d) = (await LabHosts.ConnectAsync("c"), await LabHosts.ConnectAsync("d"));
    }

    public async Task DisposeAsync()
    {
        _c.Dispose();
        _d.Dispose();
        await Task.WhenAll(_guests.Select(guest => guest.DisposeAsync().AsTask()));
        await LabHosts.RunAsync("down", "c", "d");
        _journals.ForEach(File.Delete);
    }

    /// <summary>Who belongs together comes from two hosts to one, who belongs apart goes from two to two; a storage is read by one at a time.</summary>
    [LabFact]
    public async Task Two_hosts_are_emptied_at_once_and_keep_to_what_is_said_of_the_fleet()
    {
        var (friend, other) = await PairAsync("a", "b", "memory=96", "ws=8", "rate=1");
        var (rival, enemy) = await PairAsync("a", "b", "memory=112", "ws=16", "rate=1");
        var (disk, image) = await PairAsync("a", "a", "memory=96", "ws=8", "rate=1", "disk=local", "disksize=48");
        var said = new FleetDescription
        {
            Links = [new() { Name = "san", Bandwidth = Bandwidth.Parse("20MiB/s"), MaxMigrations = 1 }],
            Domains =
            [
                .. new[] { friend, other }.Select(guest => new DomainWishes { Name = guest.Name, AffinityGroup = "pair" }),
                .. new[] { rival, enemy }.Select(guest => new DomainWishes { Name = guest.Name, AntiAffinityGroup = "apart" }),
                .. new[] { disk, image }.Select(guest => new DomainWishes { Name = guest.Name, Storage = ["san"] }),
            ],
        };
        var fleet = said.Complete(await FleetSurvey.ReadAsync([lab.A, lab.B], [_c, _d]));
        var plan = EvacuationPlanner.Plan(fleet, ["a", "b"], new EvacuationOptions { Bandwidth = Bandwidth.Parse("100MiB/s"), Destinations = ["c", "d"] });
        var evacuation = await ArriveAsync(plan);

        Assert.Equal(Fate(evacuation, friend).Destination, Fate(evacuation, other).Destination);
        Assert.NotEqual(Fate(evacuation, rival).Destination, Fate(evacuation, enemy).Destination);
        var copied = new[] { disk, image }.Select(guest => Fate(evacuation, guest).Tries[^1]).OrderBy(last => last.StartTime).ToArray();
        Assert.True(copied[1].StartTime >= copied[0].EndTime, $"{copied[0].EndTime:O}, {copied[1].StartTime:O}");
        var sources = plan.Moves.Where(move => move.Domain.Name == friend.Name || move.Domain.Name == other.Name).Select(move => move.Source);
        Assert.Equal(["a", "b"], sources.Order());
    }

    /// <summary>There is room for one at b alone; who is there leaves for c before it comes.</summary>
    [LabFact]
    public async Task Who_needs_the_room_of_another_waits_until_that_one_has_left()
    {
        var coming = await GuestAsync("a", "memory=160", "ws=16", "rate=1");
        var resident = await GuestAsync("b", "memory=96", "ws=8", "rate=1");
        await LabHosts.NamesakeAsync(coming.Name, "c");
        var asked = await FleetSurvey.ReadAsync([lab.A], [lab.B, _c], makeRoom: true);
        var said = new FleetDescription
        {
            Hosts = [new() { Name = "b", ReservedMemory = new ByteSize(asked.Hosts.Single(host => host.Name == "b").Memory.Bytes - (200L << 20)) }],
        };
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse("30MiB/s"), Destinations = ["b", "c"], Headroom = 0, MakeRoom = true };
        var plan = EvacuationPlanner.Plan(said.Complete(asked), ["a"], options);
        Assert.Equal([resident.Name], plan.Moves.Single(move => move.Domain.Name == coming.Name).After.Select(domain => domain.Name));

        var evacuation = await ArriveAsync(plan);
        var (made, taken) = (Fate(evacuation, resident), Fate(evacuation, coming));
        Assert.Equal(("c", "b"), (made.Destination, taken.Destination));
        Assert.True(taken.Tries[^1].StartTime >= made.Tries[^1].EndTime, $"{made.Tries[^1].EndTime:O}, {taken.Tries[^1].StartTime:O}");
    }

    /// <summary>One of two has a line on which it is too late at once; the other one has the rest, and the time.</summary>
    [LabFact]
    public async Task A_slow_line_of_one_makes_no_other_late()
    {
        var (slow, quick) = await PairAsync("a", "a", "memory=144", "ws=8", "static=64", "rate=1");
        await LabHosts.NamesakeAsync(slow.Name, "b");
        await LabHosts.NamesakeAsync(quick.Name, "c");
        var said = new FleetDescription
        {
            Links = [new() { Name = "line", Bandwidth = Bandwidth.Parse("1MiB/s") }],
            Hosts = [new() { Name = "c", Links = ["line"] }],
        };
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse("10MiB/s"), Destinations = ["b", "c"] };
        var plan = EvacuationPlanner.Plan(said.Complete(await FleetSurvey.ReadAsync([lab.A], [lab.B, _c])), ["a"], options);
        var evacuation = await CarryOutAsync(plan with { Policy = new EvacuationPolicy { Deadline = DateTimeOffset.Now.AddSeconds(30) } });

        Assert.Equal((EvacuatedState.Stayed, Faults.DeadlineMissed), (Fate(evacuation, slow).State, Fate(evacuation, slow).Fault));
        Assert.Equal((EvacuatedState.Moved, "b"), (Fate(evacuation, quick).State, Fate(evacuation, quick).Destination));
        await slow.ShouldBeWholeAsync("a");
        await quick.ShouldBeWholeAsync("b");
    }

    /// <summary>All arrive, and nothing of any guest's memory or disks is lost.</summary>
    private async Task<HostEvacuation> ArriveAsync(EvacuationPlan plan)
    {
        var evacuation = await CarryOutAsync(plan);
        Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
        foreach (var guest in _guests)
            await guest.ShouldBeWholeAsync(Fate(evacuation, guest).Destination!);
        return evacuation;
    }

    private async Task<HostEvacuation> CarryOutAsync(EvacuationPlan plan)
    {
        var run = await new HostEvacuations(LabHosts.State).StartAsync(plan, [lab.A, lab.B, _c, _d]);
        var evacuation = await run.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        _journals.Add(evacuation.Journal);
        return evacuation;
    }

    private static EvacuatedDomain Fate(HostEvacuation evacuation, LabHosts.Guest guest) => evacuation.Domains.Single(domain => domain.Name == guest.Name);

    /// <summary>Emulated guests that boot in a crowd do not find their timer: two at a time.</summary>
    private async Task<(LabHosts.Guest, LabHosts.Guest)> PairAsync(string one, string other, params string[] options)
    {
        var pair = await Task.WhenAll(GuestAsync(one, options), GuestAsync(other, options));
        return (pair[0], pair[1]);
    }

    private async Task<LabHosts.Guest> GuestAsync(string host, params string[] options)
    {
        var guest = await lab.GuestOnAsync(host, [.. options, "tick=100"]);
        lock (_guests)
            _guests.Add(guest);
        return guest;
    }
}
