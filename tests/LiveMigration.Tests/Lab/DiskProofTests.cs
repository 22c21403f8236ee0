using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>M6: what only looks like one disk from both hosts is copied or refused.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class DiskProofTests(LabHosts lab)
{
    private static readonly string[] Hosts = ["a", "b"];
    private const string Images = "/var/lib/libvirt/images";

    /// <summary>B012: a disk that its definition names by pool and volume.</summary>
    [LabFact]
    public async Task A_volume_of_a_pool_is_copied_like_a_file()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        await guest.RedefineAsync(xml => xml
            .Replace($"<source file='{Images}/{guest.Name}-vda.qcow2'/>", $"<source pool='default' volume='{guest.Name}-vda.qcow2'/>", StringComparison.Ordinal)
            .Replace("<disk type='file' device='disk'>", "<disk type='volume' device='disk'>", StringComparison.Ordinal));
        await LabHosts.RunAsync("virsh", "a", "pool-refresh", "default");
        await guest.StartAsync();
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal((DiskTransfer.Full, StorageAccess.Local, $"{Images}/{guest.Name}-vda.qcow2"), (plan.Disks[0].Transfer, plan.Disks[0].Access, plan.Disks[0].Destination));
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>B002: a device of the same name on both hosts, with other data; and servers that are others on each host.</summary>
    [LabFact(Needs = "/dev/loop-control")]
    public async Task A_device_of_the_same_name_is_not_left_behind()
    {
        await using var guest = await lab.GuestAsync("start=0");
        try
        {
            foreach (var host in Hosts)
            {
                await LabHosts.RunAsync("sh", host, "sh", "-c", """
                    set -e
                    for n in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
                    [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
                    mkdir -p /dev/vg0 /var/lib/libvirt/devices
                    truncate -s 64M /var/lib/libvirt/devices/web
                    ln $(losetup --find --show /var/lib/libvirt/devices/web) /dev/vg0/web
                    """);
            }

            await guest.RedefineAsync(xml => xml.Replace(
                "</devices>", "<disk type='block' device='disk'><driver name='qemu' type='raw' cache='none'/><source dev='/dev/vg0/web'/><target dev='vda' bus='virtio'/></disk></devices>", StringComparison.Ordinal));
            await guest.StartAsync();
            var error = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { AllowUnsafe = true }));
            Assert.Equal(Faults.DiskNotShared, error.Fault);
            Assert.Contains("add -AssumeShared vda.", error.Message, StringComparison.Ordinal);
            await guest.ShouldBeWholeAsync("a");
            await LabHosts.RunAsync("virsh", "a", "destroy", guest.Name);
        }
        finally
        {
            foreach (var host in Hosts)
                await LabHosts.RunAsync("sh", host, "sh", "-c", "losetup -d /dev/vg0/web; rm -rf /dev/vg0 /var/lib/libvirt/devices");
        }
    }
}
