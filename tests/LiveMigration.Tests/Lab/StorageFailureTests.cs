using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>L4, M4: when copying disks goes wrong, the guest runs on at the source and what was made for it is gone, and nothing else.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StorageFailureTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    /// <summary>Slow enough for something to happen in the middle.</summary>
    private static readonly MigrationOptions Slow = new() { Bandwidth = Bandwidth.Parse("20MiB/s"), StallTimeout = Duration.Parse("20s") };

    [LabTheory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(90)]
    public async Task Aborted_in_the_middle(int percent)
    {
        // Memory that changes faster than the rest of it can be sent in the guest's downtime.
        await using var guest = await FullAsync("memory=128", "ws=16", "rate=40");
        var before = await ImagesOnB();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, Slow)).Start();
        await UntilAsync(run, progress => progress.Percent >= percent);
        var result = await run.StopAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        await NothingLeftAsync(guest, before);
    }

    [LabFact]
    public async Task The_destinations_disk_fills_up_in_the_middle()
    {
        await using var guest = await FullAsync();
        await using var small = await Folder.MakeAsync("small", "40M");
        var options = Slow with
        {
            DiskMap = new Dictionary<string, string> { ["vda"] = "small" },
            Storage = new StorageOptions { AllowOvercommit = true },
        };
        // What it uses now does not fit, and is not begun.
        Assert.Equal(Faults.InsufficientStorage, (await Fails(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options))).Fault);
        await LabHosts.RunAsync("sh", "b", "mount", "-o", "remount,size=200M", small.Path);
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, options with { Bandwidth = Bandwidth.Parse("10MiB/s") })).Start();
        await UntilAsync(run, progress => progress.Transferred > 1_000_000);
        await LabHosts.RunAsync("sh", "b", "mount", "-o", "remount,size=40M", small.Path);
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal((MigrationVerdict.Stayed, Faults.DestinationStorageFull), (result.Verdict, result.Fault));
        await NothingLeftAsync(guest, await ImagesOnB(), small.Path);
    }

    [LabFact]
    public async Task The_link_breaks_in_the_middle()
    {
        await using var guest = await FullAsync();
        var before = await ImagesOnB();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, Slow)).Start();
        await UntilAsync(run, progress => progress.Transferred > 10_000_000);
        await LabHosts.RunAsync("link", "b", "cut");
        // Nothing moves, so it is aborted; the abort is verified when the link is back.
        await Task.Delay(25_000);
        await LabHosts.RunAsync("link", "b", "restore");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        await NothingLeftAsync(guest, before);
    }

    [LabFact]
    public async Task What_was_there_before_stays()
    {
        await using var guest = await FullAsync();
        var path = $"{Images}/{guest.Name}-vda.raw";
        await LabHosts.RunAsync("sh", "b", "qemu-img", "create", "-q", "-f", "raw", path, "96M");
        var error = await Fails(async () => await (await guest.OnA).PlanMigrationAsync(lab.B));
        Assert.Equal(Faults.DestinationImageExists, error.Fault);
        // Asked to overwrite it, it is used, and not removed when that is aborted.
        var options = Slow with { Bandwidth = Bandwidth.Parse("5MiB/s"), Storage = new StorageOptions { Copy = CopyStorage.Full } };
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start();
        await UntilAsync(run, progress => progress.Transferred > 1_000_000);
        await run.StopAsync();
        await LabHosts.RunAsync("sh", "b", "test", "-e", path);
        await guest.ShouldBeWholeAsync("a");
        Assert.Equal(MigrationOutcome.Completed, (await (await (await guest.OnA).PlanMigrationAsync(lab.B, options with { Bandwidth = null })).Start().Completion).Outcome);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>A guest whose disk has 64 MiB that it never looks at, and more that it writes to.</summary>
    private async Task<LabHosts.Guest> FullAsync(params string[] options)
    {
        var guest = await lab.GuestAsync(["disk=local", "format=raw", "disksize=96", "diskrate=2", "start=0", .. options]);
        await LabHosts.RunAsync("sh", "a", "dd", "if=/dev/urandom", $"of={Images}/{guest.Name}-vda.raw", "bs=1M", "seek=24", "count=64", "conv=notrunc", "status=none");
        await guest.StartAsync();
        return guest;
    }

    private static async Task UntilAsync(MigrationRun run, Func<MigrationProgress, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!reached(run.Progress))
        {
            if (run.Completion.IsCompleted)
                Assert.Fail($"The migration ended before that: {(await run.Completion).Error}");
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task NothingLeftAsync(LabHosts.Guest guest, string before, string folder = Images)
    {
        await guest.ShouldBeWholeAsync("a");
        Assert.Equal(before, await ImagesOnB());
        Assert.DoesNotContain(guest.Name, await LabHosts.RunAsync("sh", "b", "ls", folder), StringComparison.Ordinal);
        // The lab's hosts have the same UUIDs each time, and its guests the same names.
        var domain = (await guest.OnA).Uuid;
        Assert.DoesNotContain(new ImageJournal(LabHosts.State).Entries(), entry => entry.Domain == domain);
    }

    private static Task<string> ImagesOnB() => LabHosts.RunAsync("sh", "b", "ls", Images);

    private static Task<LiveMigrationException> Fails(Func<Task> action) => Assert.ThrowsAnyAsync<LiveMigrationException>(action);

    /// <summary>A small file system on b, and a pool on it.</summary>
    private sealed class Folder : IAsyncDisposable
    {
        private Folder(string name) => Name = name;

        private string Name { get; }

        public string Path => $"/var/lib/libvirt/{Name}";

        public static async Task<Folder> MakeAsync(string name, string size)
        {
            var folder = new Folder(name);
            await LabHosts.RunAsync("sh", "b", "mkdir", "-p", folder.Path);
            await LabHosts.RunAsync("sh", "b", "mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder.Path);
            await LabHosts.RunAsync("virsh", "b", "pool-create-as", name, "dir", "--target", folder.Path);
            return folder;
        }

        public async ValueTask DisposeAsync()
        {
            await LabHosts.RunAsync("virsh", "b", "pool-destroy", Name);
            await LabHosts.RunAsync("sh", "b", "umount", Path);
        }
    }
}
