using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>L1, L3, L4, L6, S2: disks that are not shared travel along.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StorageTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    [LabTheory]
    [InlineData("qcow2")]
    [InlineData("raw")]
    public async Task A_local_disk_travels_by_itself(string format)
    {
        await using var guest = await lab.GuestAsync("disk=local", $"format={format}", "diskrate=4");
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        var disk = Assert.Single(plan.Disks);
        Assert.Equal((DiskTransfer.Full, StorageAccess.Local, true), (disk.Transfer, disk.Access, disk.MakesImage));
        var run = plan.Start();
        var seen = new List<MigrationProgress>();
        run.Progressed += (_, progress) => seen.Add(progress);
        await CompletedAsync(run);
        Assert.Equal(seen.Select(at => at.Percent).Order(), seen.Select(at => at.Percent));
        Assert.Contains(seen, at => at.Total.Bytes >= (64 + 128) << 20);
        await guest.ShouldBeWholeAsync("b");
        Assert.Empty(await MarkersAsync());
    }

    [LabFact]
    public async Task Of_two_disks_the_local_one_travels()
    {
        await using var guest = await lab.GuestAsync("disk=shared,local", "diskrate=2");
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { AllowUnsafe = true });
        Assert.Equal([DiskTransfer.None, DiskTransfer.Full], plan.Disks.Select(disk => disk.Transfer));
        Assert.Equal([StorageAccess.Shared, StorageAccess.Local], plan.Disks.Select(disk => disk.Access));
        await CompletedAsync(plan.Start());
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Writes_on_both_sides_and_another_path()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=4");
        var options = new MigrationOptions
        {
            Storage = new StorageOptions { Copy = CopyStorage.Full, Disks = ["vda"], SynchronousWrites = true },
            DiskMap = new Dictionary<string, string> { ["vda"] = $"{Images}/{guest.Name}-vdx.qcow2" },
        };
        await CompletedAsync((await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start());
        Assert.Equal($"{Images}/{guest.Name}-vdx.qcow2", Assert.Single(await (await guest.OnB).GetDisksAsync()).Source);
        await guest.ShouldBeWholeAsync("b");
    }

    private static async Task CompletedAsync(MigrationRun run)
    {
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }

    private static async Task<string[]> MarkersAsync() =>
        [.. (await LabHosts.RunAsync("sh", "a", "sh", "-c", $"ls {Images} /var/lib/libvirt/shared")).Split('\n').Where(name => name.StartsWith("livemigration-", StringComparison.Ordinal))];
}
