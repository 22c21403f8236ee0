using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>V3: what happens when migrations fail, or do not get done.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EvacuationPolicyTests(LabHosts lab) : IAsyncLifetime
{
    private readonly List<LabHosts.Guest> _guests = [];
    private readonly List<string> _journals = [];
    private readonly List<string> _namesakes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await ForgetNamesakesAsync();
        await Task.WhenAll(_guests.Select(guest => guest.DisposeAsync().AsTask()));
        _journals.ForEach(File.Delete);
    }

    [LabFact]
    public async Task Failures_stop_the_rest_as_asked()
    {
        for (var pair = 0; pair < 2; pair++)
            _guests.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestAsync("memory=96", "ws=8", "rate=1", "tick=100"))));

        // After so many failures no other one begins.
        var plan = await PlanAsync(lab.A, lab.B, "100MiB/s", atOnce: 1);
        await NamesakeAsync(plan.Moves[1], plan.Moves[2]);
        var evacuation = await RunAsync(plan, new EvacuationPolicy { OnFailure = OnFailure.Skip, MaxFailures = 2 });
        Assert.Equal((EvacuationState.Stopped, "2 VMs could not be moved"), (evacuation.State, evacuation.StoppedBecause));
        Assert.Equal([(EvacuatedState.Moved, 1), (EvacuatedState.Stayed, 1), (EvacuatedState.Stayed, 1), (EvacuatedState.Stayed, 0)], Fates(plan, evacuation));
        Assert.Equal(Faults.EvacuationStopped, evacuation.Domains.Single(domain => domain.Attempts == 0).Fault);

        // The first failure stops; who has begun beside it gets done.
        plan = await PlanAsync(lab.A, lab.B, "100MiB/s", atOnce: 2);
        await NamesakeAsync(plan.Moves[0]);
        evacuation = await RunAsync(plan, new EvacuationPolicy { OnFailure = OnFailure.Stop });
        Assert.Equal(EvacuationState.Stopped, evacuation.State);
        Assert.Equal([(EvacuatedState.Stayed, 1), (EvacuatedState.Moved, 1), (EvacuatedState.Stayed, 0)], Fates(plan, evacuation));

        // The canary's QEMU dies at the destination: nobody follows it.
        plan = await PlanAsync(lab.A, lab.B, "10MiB/s", atOnce: 2);
        evacuation = await RunAsync(plan, new EvacuationPolicy { Canary = 1, OnFailure = OnFailure.Skip }, KillAsync);
        Assert.Equal((EvacuationState.Stopped, 2), (evacuation.State, evacuation.Stayed));
        var canary = Assert.Single(evacuation.Domains, domain => domain.Attempts > 0);
        Assert.Equal((1, $"the canary '{canary.Name}' failed to move"), (canary.Attempts, evacuation.StoppedBecause));

        // One that arrives lets the others begin.
        plan = await PlanAsync(lab.A, lab.B, "100MiB/s", atOnce: 2);
        evacuation = await RunAsync(plan, new EvacuationPolicy { Canary = 1 });
        Assert.True(evacuation.IsComplete, $"{evacuation}");
        var order = evacuation.Domains.Select(domain => domain.Tries[^1]).OrderBy(last => last.StartTime).ToArray();
        Assert.True(order[1].StartTime >= order[0].EndTime, $"{order[0].EndTime:O}, {order[1].StartTime:O}");
        foreach (var guest in _guests)
            await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>A guest that changes memory faster than it can be sent gets there all the same, paused or by post-copy, when it is wanted.</summary>
    [LabFact]
    public async Task Who_does_not_get_done_is_paused_or_switched_to_post_copy_as_asked()
    {
        var guest = await lab.GuestAsync("memory=144", "ws=64", "rate=-1", "bytes=4096", "tick=100");
        _guests.Add(guest);

        // It is known not to get done, so that it is noticed sooner.
        var plan = await PlanAsync(lab.A, lab.B, "25MiB/s", atOnce: 1);
        plan = plan with { Moves = [plan.Moves[0] with { Converges = false }] };
        var arrived = await ArriveAsync(plan, new EvacuationPolicy { OnFailure = OnFailure.Suspend, Attempts = 2 });
        Assert.Equal([(EvacuatedState.Stayed, Faults.NotConverging), (EvacuatedState.Moved, null)], arrived.Domain.Tries.Select(one => (one.State, one.Fault)));
        Assert.Contains(arrived.Migration.Notices, notice => notice.Contains("is paused after", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("b");

        arrived = await ArriveAsync(await PlanAsync(lab.B, lab.A, "25MiB/s", atOnce: 1), Soon(OnDeadline.Suspend));
        Assert.Contains(arrived.Migration.Notices, notice => notice.Contains("is paused after", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("a");

        arrived = await ArriveAsync(await PlanAsync(lab.A, lab.B, "25MiB/s", atOnce: 1), Soon(OnDeadline.PostCopy));
        Assert.True(arrived.Migration.PostCopy);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>Over a narrow link only what changed of a page is sent again, unless that is not wanted.</summary>
    [LabFact]
    public async Task What_a_guest_writes_again_is_sent_as_what_changed()
    {
        var guest = await lab.GuestAsync("memory=144", "ws=32", "rate=16", "tick=100");
        _guests.Add(guest);
        var changes = await ArriveAsync(await PlanAsync(lab.A, lab.B, "30MiB/s", atOnce: 1), new EvacuationPolicy());
        Assert.Equal(MigrationCompression.Xbzrle, changes.Migration.Settings.Compression);
        await guest.ShouldBeWholeAsync("b");

        var pages = await ArriveAsync(await PlanAsync(lab.B, lab.A, "30MiB/s", atOnce: 1), new EvacuationPolicy { Compression = MigrationCompression.None });
        Assert.Equal(MigrationCompression.None, pages.Migration.Settings.Compression);
        Assert.True(changes.Domain.Transferred < pages.Domain.Transferred, $"{changes.Domain.Transferred}, {pages.Domain.Transferred}");
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>This libvirt does not change the limits of disks on their way: with a trickle to its end one of them would take for ever.</summary>
    [LabFact]
    public async Task Copied_disks_have_even_parts_of_the_link()
    {
        _guests.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestAsync("memory=96", "ws=8", "rate=1", "tick=100", "disk=local", "disksize=32"))));
        var limits = new ConcurrentBag<Bandwidth?>();
        var evacuation = await RunAsync(await PlanAsync(lab.A, lab.B, "40MiB/s", atOnce: 2), new EvacuationPolicy(), migration =>
        {
            limits.Add(migration.Options.Bandwidth);
            return Task.CompletedTask;
        });
        Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
        Assert.Equal(["20 MiB/s", "20 MiB/s"], limits.Select(limit => $"{limit}"));
        foreach (var guest in _guests)
            await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>The hosts' own links would carry both at once; what lies between them is said to carry one, and not more than so much.</summary>
    [LabFact]
    public async Task A_named_link_is_not_passed_by_more_than_is_said_of_it()
    {
        _guests.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestAsync("memory=128", "ws=48", "rate=1", "tick=100"))));
        var fleet = new FleetDescription
        {
            Links = [new() { Name = "line", Bandwidth = Bandwidth.Parse("30MiB/s"), MaxMigrations = 1 }],
            Hosts = [new() { Name = "b", Links = ["line"] }],
        };
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Unlimited, Destinations = ["b"] };
        var plan = EvacuationPlanner.Plan(fleet.Complete(await FleetSurvey.ReadAsync([lab.A], [lab.B])), ["a"], options);
        var limits = new ConcurrentBag<Bandwidth?>();
        var evacuation = await RunAsync(plan, new EvacuationPolicy(), migration =>
        {
            limits.Add(migration.Options.Bandwidth);
            return Task.CompletedTask;
        });
        Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
        Assert.Equal(["30 MiB/s", "30 MiB/s"], limits.Select(limit => $"{limit}"));
        var order = evacuation.Domains.Select(domain => domain.Tries[^1]).OrderBy(last => last.StartTime).ToArray();
        Assert.True(order[1].StartTime >= order[0].EndTime, $"{order[0].EndTime:O}, {order[1].StartTime:O}");
        // 60 MiB of each at least are no zeros: what has been sent took its time.
        Assert.True(evacuation.Transferred / evacuation.Time.TotalSeconds < 1.1 * 30 * 1024 * 1024, $"{evacuation.Transferred} in {evacuation.Time}");
        foreach (var guest in _guests)
            await guest.ShouldBeWholeAsync("b");
    }

    private static EvacuationPolicy Soon(OnDeadline action) => new() { Deadline = DateTimeOffset.Now.AddSeconds(10), OnDeadline = action };

    private static async Task<EvacuationPlan> PlanAsync(LibvirtHost from, LibvirtHost to, string bandwidth, int atOnce)
    {
        var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse(bandwidth), Destinations = [to.Name], MaxOutgoing = atOnce, MaxIncoming = atOnce };
        return EvacuationPlanner.Plan(await FleetSurvey.ReadAsync([from], [to]), [from.Name], options);
    }

    private async Task<HostEvacuation> RunAsync(EvacuationPlan plan, EvacuationPolicy policy, Func<MigrationRun, Task>? begun = null)
    {
        var run = await new HostEvacuations(LabHosts.State).StartAsync(plan with { Policy = policy }, [lab.A, lab.B]);
        var disturbed = Task.CompletedTask;
        run.MigrationStarted += (_, migration) => disturbed = begun?.Invoke(migration) ?? disturbed;
        var evacuation = await run.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        await disturbed;
        _journals.Add(evacuation.Journal);
        await ForgetNamesakesAsync();
        return evacuation;
    }

    /// <summary>Runs it with one domain that is to arrive; tells of it, and of its last migration.</summary>
    private async Task<(EvacuatedDomain Domain, MigrationResult Migration)> ArriveAsync(EvacuationPlan plan, EvacuationPolicy policy)
    {
        MigrationRun? last = null;
        var evacuation = await RunAsync(plan, policy, migration =>
        {
            last = migration;
            return Task.CompletedTask;
        });
        Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
        return (Assert.Single(evacuation.Domains), await last!.Completion);
    }

    private static IEnumerable<(EvacuatedState, int)> Fates(EvacuationPlan plan, HostEvacuation evacuation) =>
        plan.Moves.Select(move => evacuation.Domains.Single(domain => domain.Uuid == move.Domain.Uuid)).Select(domain => (domain.State, domain.Attempts));

    private static Task KillAsync(MigrationRun migration) => Task.Run(async () =>
    {
        while (!(migration.Progress.Transferred >= 1_000_000) && !migration.Completion.IsCompleted)
            await Task.Delay(50);
        await LabHosts.RunAsync("sh", "b", "pkill", "-9", "-f", $"qemu-system.*guest={migration.Name},");
    });

    /// <summary>Other domains of those names are defined at b, so they cannot come.</summary>
    private async Task NamesakeAsync(params PlannedMove[] moves)
    {
        foreach (var move in moves)
        {
            await LabHosts.NamesakeAsync(move.Domain.Name, "b");
            _namesakes.Add(move.Domain.Name);
        }
    }

    private async Task ForgetNamesakesAsync()
    {
        foreach (var name in _namesakes)
            await LabHosts.RunAsync("virsh", "b", "undefine", name);
        _namesakes.Clear();
    }
}
