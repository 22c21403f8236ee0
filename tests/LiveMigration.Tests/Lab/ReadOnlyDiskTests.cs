using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;

namespace LiveMigration.Tests.Lab;

/// <summary>M6: what nobody writes is not copied, and has to be the same on the destination.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ReadOnlyDiskTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    /// <summary>A file of the same name and size, with other data, passed as the disk; and so did a medium that its definition names by pool and volume.</summary>
    [LabFact]
    public async Task A_read_only_disk_and_a_medium_go_only_where_their_content_is()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        var (disk, medium) = ($"{Images}/{guest.Name}-ro.raw", $"{guest.Name}-cd.iso");
        try
        {
            await ContentAsync("a", disk, 1);
            await ContentAsync("a", $"{Images}/{medium}", 1);
            await LabHosts.RunAsync("virsh", "a", "pool-refresh", "default");
            await guest.RedefineAsync(xml => xml.Replace("</devices>", $"""
                <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{disk}'/><target dev='sdz' bus='scsi'/><readonly/></disk>
                <disk type='volume' device='cdrom'><driver name='qemu' type='raw'/><source pool='default' volume='{medium}'/><target dev='hdc' bus='ide'/><readonly/></disk>
                </devices>
                """, StringComparison.Ordinal));
            await guest.StartAsync();
            Assert.Contains("A read-only disk is not copied", await RefusalAsync(guest), StringComparison.Ordinal);
            Assert.Equal((CheckStatus.Fail, true), await MediumAsync(guest, $"b has no {Images}/{medium}."));

            await ContentAsync("b", disk, 2);
            await ContentAsync("b", $"{Images}/{medium}", 2);
            Assert.Contains($"The content of {disk} differs between a and b.", await RefusalAsync(guest), StringComparison.Ordinal);
            await ContentAsync("b", disk, 1);
            Assert.Equal((CheckStatus.Fail, true), await MediumAsync(guest, "but not with the same content"));
            await ContentAsync("b", $"{Images}/{medium}", 1);
            Assert.Equal((CheckStatus.Pass, true), await MediumAsync(guest, "has the same content on both hosts (samples compared)"));

            var plan = await new ReadinessAudit(selection: ReadinessSelection.BlockersBut([])).PlanAsync(await guest.OnA, lab.B);
            Assert.Contains("has the same content on both hosts (every byte compared)", Assert.Single(plan.Disks, move => move.Target == "sdz").Evidence, StringComparison.Ordinal);
            var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
            Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
            Assert.All(result.Verified, fact => Assert.True(fact.IsTrue, $"{fact}"));
            await guest.ShouldBeWholeAsync("b");
        }
        finally
        {
            foreach (var host in new[] { "a", "b" })
                await LabHosts.RunAsync("sh", host, "rm", "-f", disk, $"{Images}/{medium}");
        }
    }

    /// <summary>1 MiB that is told apart by its number. The clock has ticked since: a file that is written again is seen to be another one.</summary>
    private static async Task ContentAsync(string host, string path, int number)
    {
        await Task.Delay(50);
        await LabHosts.RunAsync("sh", host, "sh", "-c", $"seq {number} 1 200000 | head -c 1048576 > {path}");
    }

    private async Task<string> RefusalAsync(LabHosts.Guest guest)
    {
        var error = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B));
        Assert.Equal(Faults.DiskNotShared, error.Fault);
        return error.Message;
    }

    private async Task<(CheckStatus, bool)> MediumAsync(LabHosts.Guest guest, string says)
    {
        var report = await new ReadinessAudit(selection: new() { Checks = ["LM086"] }).TestAsync(await guest.OnA, lab.B);
        var finding = Assert.Single(report.Findings, finding => finding.Subject == "hdc");
        return (finding.Status, finding.Evidence.Contains(says, StringComparison.Ordinal));
    }
}
