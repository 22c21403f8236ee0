using System.Text.Json.Nodes;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>C001: what a daemon that died in the middle of a copy may leave in QEMU is told, removed on request, and then the copy is made.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class CopyLeftoverTests(LabHosts lab)
{
    [LabFact]
    public async Task Parts_of_an_earlier_copy_are_told_and_removed()
    {
        await using var guest = await lab.GuestAsync("disk=local", "format=raw");
        await LeaveAsync(await guest.OnA);
        var failed = await MigrateAsync(guest);
        Assert.True(failed.Fault == Faults.CopyLeftover, $"{failed.Fault}: {failed.Error}");
        Assert.Equal(MigrationVerdict.Stayed, failed.Verdict);

        var finding = Assert.Single((await TestAsync(guest)).Failed);
        Assert.Equal("QEMU has block job 'drive-virtio-disk0', node 'migration-vda-format', node 'migration-vda-storage', of which libvirt does not know.", finding.Evidence);
        await finding.RepairAsync();
        Assert.Equal(CheckStatus.Pass, Assert.Single((await TestAsync(guest)).Findings).Status);

        var moved = await MigrateAsync(guest);
        Assert.True(moved.Outcome is MigrationOutcome.Completed, moved.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>The words of a source that dies are not its words about the destination.</summary>
    [LabFact]
    public async Task A_daemon_that_dies_while_it_copies_is_told_as_that()
    {
        await using var guest = await lab.GuestAsync("disk=local", "format=raw", "disksize=96", "start=0");
        await LabHosts.RunAsync("sh", "a", "dd", "if=/dev/urandom", $"of=/var/lib/libvirt/images/{guest.Name}-vda.raw", "bs=1M", "seek=24", "count=64", "conv=notrunc", "status=none");
        await guest.StartAsync();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new() { Bandwidth = Bandwidth.Parse("2MiB/s") })).Start();
        while ((run.Progress.Transferred ?? 0) < 1_000_000 && !run.Completion.IsCompleted)
            await Task.Delay(50);
        await LabHosts.RunAsync("daemon", "a", "kill");
        await LabHosts.RunAsync("daemon", "a", "start");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
        Assert.Contains(result.Fault, new[] { Faults.ConnectionLost, Faults.HostUnreachable });
        Assert.DoesNotContain("cannot connect to b", result.Error, StringComparison.Ordinal);
        Assert.Contains(result.Notices, notice => notice.Contains("LM110", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    /// <summary>Made under the names that libvirt gives, past it: as when its daemon died before it had written them down.</summary>
    private static async Task LeaveAsync(LibvirtDomain domain)
    {
        await using var monitor = await domain.OpenMonitorAsync();
        await monitor.ExecuteAsync("blockdev-add", new JsonObject { ["driver"] = "null-co", ["node-name"] = "migration-vda-storage", ["size"] = domain.Disks[0].Capacity, ["read-zeroes"] = true });
        await monitor.ExecuteAsync("blockdev-add", new JsonObject { ["driver"] = "raw", ["node-name"] = "migration-vda-format", ["file"] = "migration-vda-storage" });
        await monitor.ExecuteAsync("blockdev-mirror", new JsonObject
        {
            ["job-id"] = "drive-virtio-disk0",
            ["device"] = "libvirt-1-format",
            ["target"] = "migration-vda-format",
            ["sync"] = "full",
            ["speed"] = 65536,
        });
    }

    private Task<ReadinessReport> TestAsync(LabHosts.Guest guest) => TestAsync(guest, new ReadinessAudit(selection: new() { Checks = ["LM110"] }, allowMonitor: true));

    private async Task<ReadinessReport> TestAsync(LabHosts.Guest guest, ReadinessAudit audit) => await audit.TestAsync(await guest.OnA, lab.B);

    private async Task<MigrationResult> MigrateAsync(LabHosts.Guest guest) =>
        await (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
}
