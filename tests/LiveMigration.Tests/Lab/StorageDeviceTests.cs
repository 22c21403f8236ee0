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
        await DevicesAsync($$"""
            for n in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
            [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
            mkdir -p /dev/disks {{Folder}}
            for size in 64 80; do
                truncate -s ${size}M {{Folder}}/$size
                ln $(losetup --find --show {{Folder}}/$size) /dev/disks/$size
            done
            virsh -q pool-create-as devices dir --target /dev/disks
            """);
        try
        {
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
            await DevicesAsync($"virsh -q pool-destroy devices; losetup -d /dev/disks/*; rm -rf /dev/disks {Folder}");
        }
    }

    private static Task<string> DevicesAsync(string script) => LabHosts.RunAsync("sh", "b", "sh", "-ec", script);

    private static async Task MoveAsync(LibvirtDomain domain, LibvirtHost to, params string[] places)
    {
        var plan = await domain.PlanMigrationAsync(to, new MigrationOptions { DiskMap = new Dictionary<string, string> { ["vda"] = places[0], ["vdb"] = places[1] } });
        Assert.Equal(places, plan.Disks.Select(disk => disk.Destination));
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        Assert.Equal(places, (await (await to.GetDomainAsync(domain.Name)).GetDisksAsync()).Select(disk => disk.Source));
    }
}
