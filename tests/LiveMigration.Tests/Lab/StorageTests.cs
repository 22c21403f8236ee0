using System.Text.Json;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Security;
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
        Assert.Contains(seen, at => at.Total >= (64 + 128) << 20);
        await guest.ShouldBeWholeAsync("b");
        Assert.Empty(await MarkersAsync());
    }

    public static TheoryData<string, MigrationMode, int?, MigrationTls> Ways => new()
    {
        { "tls", MigrationMode.PeerToPeer, null, MigrationTls.Required },
        { "ssh", MigrationMode.Direct, 2, MigrationTls.Required },
        { "tcp", MigrationMode.Direct, 2, MigrationTls.Off },
    };

    /// <summary>L1, E1, E2: that its bytes are not to be read then, is what WireTests sees.</summary>
    [LabTheory]
    [MemberData(nameof(Ways))]
    public async Task A_local_disk_travels_however_hosts_are_reached(string transport, MigrationMode mode, int? connections, MigrationTls tls)
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=4");
        using var a = await LabHosts.ConnectAsync("a", transport);
        using var b = await LabHosts.ConnectAsync("b", transport);
        var run = (await (await a.GetDomainAsync(guest.Name)).PlanMigrationAsync(b, new MigrationOptions { Mode = mode, Parallel = connections, Tls = tls })).Start();
        await CompletedAsync(run);
        Assert.Equal(tls is MigrationTls.Required, run.Encrypted);
        await guest.ShouldBeWholeAsync("b");
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

    [LabFact]
    public async Task One_limit_covers_two_disks_and_memory_on_the_wire()
    {
        await using var guest = await lab.GuestAsync("disk=local,local", "format=raw", "disksize=96", "start=0", "memory=192", "ws=64", "rate=30", "diskrate=1");
        foreach (var disk in new[] { "vda", "vdb" })
            await LabHosts.RunAsync("sh", "a", "dd", "if=/dev/urandom", $"of={Images}/{guest.Name}-{disk}.raw", "bs=1M", "seek=24", "count=64", "conv=notrunc", "status=none");
        await guest.StartAsync();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("20MiB/s") })).Start();
        await UntilAsync(run, progress => progress is { Iteration: null, Transferred: > 1_000_000 });
        Assert.All(await SharesAsync(guest), share => Assert.Equal(10, share));
        await UnderAsync(22);
        // libvirt 9.0 refuses to change what disks may send, and says so at once.
        var error = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).SetMigrationBandwidthAsync(Bandwidth.Parse("20MiB/s")));
        Assert.Equal(Faults.DiskLimitFixed, error.Fault);
        await UntilAsync(run, progress => progress.Iteration > 0);
        await UnderAsync(22);
        await run.StopAsync();
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>What a sends in MiB/s, over four seconds: a busy machine may send less than it may, and none more.</summary>
    private static async Task UnderAsync(double limit) =>
        Assert.InRange(await LabHosts.RateAsync("a"), 0.1, limit);

    /// <summary>What each disk may send, in MiB/s, as QEMU has it.</summary>
    private static async Task<double[]> SharesAsync(LabHosts.Guest guest)
    {
        var jobs = JsonDocument.Parse(await LabHosts.RunAsync("virsh", "a", "qemu-monitor-command", guest.Name, "{\"execute\":\"query-block-jobs\"}"));
        return [.. jobs.RootElement.GetProperty("return").EnumerateArray().Select(job => Math.Round(job.GetProperty("speed").GetInt64() / 1048576.0, 1))];
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

    private static async Task CompletedAsync(MigrationRun run)
    {
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }

    private static async Task<string[]> MarkersAsync() =>
        [.. (await LabHosts.RunAsync("sh", "a", "sh", "-c", $"ls {Images} /var/lib/libvirt/shared")).Split('\n').Where(name => name.StartsWith("livemigration-", StringComparison.Ordinal))];
}
