using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Lab;

/// <summary>L5: a block device that is named takes a disk, and gives it back to a file.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StorageDeviceTests(LabHosts lab)
{
    private const string Folder = "/var/lib/libvirt/devices";
    private const string Images = "/var/lib/libvirt/images";

    /// <summary>Both disks have 64 MiB; one device has as much, the other more.</summary>
    [LabFact(Needs = "/dev/loop-control")]
    public async Task Raw_disks_go_to_devices_and_back_to_files()
    {
        await using var guest = await lab.GuestAsync("disk=local,local", "format=raw", "diskrate=2");
        try
        {
            // What lay on the larger one looks like an image of another size.
            await DevicesAsync($$"""
                set -e
                for n in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
                [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
                mkdir -p /dev/disks {{Folder}}
                truncate -s 64M {{Folder}}/64
                qemu-img create -q -f qcow2 {{Folder}}/80 10M
                truncate -s 80M {{Folder}}/80
                for size in 64 80; do
                    ln $(losetup --find --show {{Folder}}/$size) /dev/disks/$size
                done
                virsh -q pool-create-as devices dir --target /dev/disks
                """);
            await MoveAsync(await guest.OnA, lab.B, "/dev/disks/64", "/dev/disks/80");
            await guest.ShouldBeWholeAsync("b");

            string[] files = [$"{Images}/{guest.Name}-a.raw", $"{Images}/{guest.Name}-b.raw"];
            await MoveAsync(await guest.OnB, lab.A, files);
            await guest.ShouldBeWholeAsync("a");
            foreach (var file in files)
                Assert.Equal("67108864", (await LabHosts.RunAsync("sh", "a", "stat", "-c", "%s", file)).Trim());
        }
        finally
        {
            await DevicesAsync($"virsh -q pool-destroy devices; for disk in /dev/disks/*; do losetup -d $disk; done; rm -rf /dev/disks {Folder}");
        }
    }

    private static Task<string> DevicesAsync(string script) => LabHosts.RunAsync("sh", "b", "sh", "-c", script);

    private static async Task MoveAsync(LibvirtDomain domain, LibvirtHost to, params string[] places)
    {
        var plan = await domain.PlanMigrationAsync(to, new MigrationOptions { DiskMap = new Dictionary<string, string> { ["vda"] = places[0], ["vdb"] = places[1] } });
        Assert.Equal(places, plan.Disks.Select(disk => disk.Destination));
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        Assert.Equal(places, (await (await to.GetDomainAsync(domain.Name)).GetDisksAsync()).Select(disk => disk.Source));
    }
}
