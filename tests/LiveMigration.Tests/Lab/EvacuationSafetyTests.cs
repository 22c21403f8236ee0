using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>V1, V4: an evacuation looks at what could be lost when it moves a VM, and not only when it is planned.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EvacuationSafetyTests(LabHosts lab) : IAsyncLifetime
{
    private const string Images = "/var/lib/libvirt/images";

    private static readonly HostEvacuations Evacuations = new(LabHosts.State);

    private readonly List<string> _journals = [];
    private MigrationRun? _last;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _journals.ForEach(File.Delete);
        return Task.CompletedTask;
    }

    /// <summary>B005: the memory that b has saved would come back over what the VM writes from now on. The plan was made before it was there.</summary>
    [LabFact]
    public async Task What_blocks_a_migration_is_looked_for_again_when_the_VM_moves()
    {
        await using var guest = await lab.GuestAsync("memory=96", "ws=8", "rate=1");
        var (plan, saved) = (await PlanAsync(), $"/var/lib/libvirt/qemu/save/{guest.Name}.save");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await LabHosts.RunAsync("virsh", "a", "dumpxml", "--inactive", guest.Name));
        await LabHosts.RunAsync("virsh", "b", "define", file);
        File.Delete(file);
        await LabHosts.RunAsync("sh", "b", "sh", "-c", $"mkdir -p /var/lib/libvirt/qemu/save && touch {saved}");
        await LabHosts.RunAsync("daemon", "b", "restart"); // It looks for them when it starts.
        var stayed = await RunAsync(plan with { Policy = new EvacuationPolicy { Attempts = 1 } });
        var domain = Assert.Single(stayed.Domains);
        Assert.Equal((EvacuatedState.Stayed, 1), (domain.State, domain.Attempts));
        Assert.Contains("LM101", domain.Error, StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("a");

        // Who skips the check has his way.
        _last = null;
        await CompleteAsync(plan with { Policy = new EvacuationPolicy { Attempts = 1, SkipReadiness = ["LM101"] } });
        await guest.ShouldBeWholeAsync("b");
        // And is told what that leaves.
        var (_, isTrue, found) = Assert.Single((await _last!.Completion).Verified, fact => fact.What == "no saved memory or snapshots on b");
        Assert.Equal((false, "saved memory, from which it would start the next time"), (isTrue, found));
        await LabHosts.RunAsync("virsh", "b", "managedsave-remove", guest.Name);
    }

    /// <summary>V4: the way home leads over the image that the VM left there, as often as one likes.</summary>
    [LabFact]
    public async Task A_VM_with_a_local_disk_comes_home_over_what_it_left_there()
    {
        await using var guest = await lab.GuestAsync("memory=96", "ws=8", "rate=1", "disk=local", "diskrate=2");
        for (var rounds = 0; rounds < 2; rounds++)
        {
            var emptied = await CompleteAsync(await PlanAsync());
            await guest.ShouldBeWholeAsync("b");
            var (plan, changes) = await Evacuations.PlanReturnAsync(emptied.Id, [lab.A, lab.B]);
            Assert.Empty(changes);
            await CompleteAsync(plan);
            await guest.ShouldBeWholeAsync("a");
        }

        // What somebody has touched meanwhile is not what the VM left.
        var away = await CompleteAsync(await PlanAsync());
        var image = $"{Images}/{guest.Name}-vda.qcow2";
        await LabHosts.RunAsync("sh", "a", "touch", image);
        var before = await LabHosts.RunAsync("sh", "a", "sha256sum", image);
        var refused = await RunAsync((await Evacuations.PlanReturnAsync(away.Id, [lab.A, lab.B])).Plan with { Policy = new EvacuationPolicy { Attempts = 1 } });
        var domain = Assert.Single(refused.Domains);
        Assert.Equal(EvacuatedState.Unmovable, domain.State);
        Assert.Contains($"the image {image} already exists on a", domain.Error, StringComparison.Ordinal);
        Assert.Equal(before, await LabHosts.RunAsync("sh", "a", "sha256sum", image));
        await guest.ShouldBeWholeAsync("b");
    }

    private async Task<EvacuationPlan> PlanAsync() =>
        EvacuationPlanner.Plan(await FleetSurvey.ReadAsync([lab.A], [lab.B]), ["a"], new EvacuationOptions { Bandwidth = Bandwidth.Parse("100MiB/s"), Destinations = ["b"] });

    private async Task<HostEvacuation> CompleteAsync(EvacuationPlan plan)
    {
        var evacuation = await RunAsync(plan);
        Assert.True(evacuation.IsComplete, string.Join(' ', evacuation.Domains.Select(domain => domain.Error)));
        return evacuation;
    }

    private async Task<HostEvacuation> RunAsync(EvacuationPlan plan)
    {
        var run = await Evacuations.StartAsync(plan, [lab.A, lab.B]);
        run.MigrationStarted += (_, migration) => _last = migration;
        var evacuation = await run.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        _journals.Add(evacuation.Journal);
        return evacuation;
    }
}
