using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>M7, R5: what a copy would overwrite is not used by anybody, under whatever name.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ImageUserTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";
    private const string Devices = "/var/lib/libvirt/devices";

    /// <summary>The branch that the other VM has left is named by the description of its snapshot alone: reverting to it would find the disk of another VM.</summary>
    [LabFact]
    public async Task A_branch_that_only_a_snapshot_names_is_in_use()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        await using var other = new LabHosts.Guest(lab, guest.Name + "x");
        await LabHosts.RunAsync("guest", other.Name, "b", "disk=local", "start=0");
        var (branch, file) = ($"{Images}/{other.Name}-branch.qcow2", Path.GetTempFileName());
        await File.WriteAllTextAsync(file, await LabHosts.RunAsync("virsh", "b", "dumpxml", "--inactive", other.Name));
        try
        {
            await LabHosts.RunAsync("virsh", "b", "snapshot-create-as", other.Name, "one", "--disk-only", "--diskspec", $"vda,file={branch}");
            await LabHosts.RunAsync("virsh", "b", "define", file);
            Assert.DoesNotContain(branch, await LabHosts.RunAsync("virsh", "b", "dumpxml", "--inactive", other.Name), StringComparison.Ordinal);
            Assert.Contains($"is used by '{other.Name} (snapshot one)'", await RefusalAsync(guest, lab.B, branch), StringComparison.Ordinal);
        }
        finally
        {
            await OnBAsync($"virsh snapshot-delete {other.Name} one --metadata; rm -f {branch}");
            File.Delete(file);
        }

        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>The file has no format of its own: it has the data of an image, which names it.</summary>
    [LabFact]
    public async Task A_file_that_has_the_data_of_an_image_is_in_use()
    {
        await using var guest = await lab.GuestAsync("disk=local", "format=raw", "diskrate=2");
        var (data, image) = ($"{Images}/{guest.Name}-data", $"{Images}/{guest.Name}-thin.qcow2");
        try
        {
            await OnBAsync($"cd {Images} && qemu-img create -q -f qcow2 -o data_file={guest.Name}-data {image} 64M && test -e {data}");
            Assert.Contains($"is used by '{image}'", await RefusalAsync(guest, lab.B, data), StringComparison.Ordinal);
        }
        finally
        {
            await OnBAsync($"rm -f {data} {image}");
        }

        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>B004 for devices: two names of one device, and one that the host itself has mounted. Its shell tells.</summary>
    [LabFact(Needs = "/dev/loop-control")]
    public async Task A_device_under_another_name_or_that_the_host_has_mounted_is_in_use()
    {
        await using var guest = await lab.GuestAsync("disk=local", "format=raw", "diskrate=2");
        await using var other = new LabHosts.Guest(lab, guest.Name + "x");
        await LabHosts.RunAsync("guest", other.Name, "b", "start=0");
        using var b = await LabHosts.ConnectAsync("b", "ssh");
        try
        {
            var loop = (await OnBAsync($$"""
                set -e
                for n in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
                [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
                mkdir -p /dev/disks {{Devices}} /mnt/device
                truncate -s 64M {{Devices}}/64
                loop=$(losetup --find --show {{Devices}}/64)
                ln $loop /dev/disks/64
                mkfs.ext2 -q $loop
                virsh -q pool-create-as devices dir --target /dev/disks
                echo $loop
                """)).Trim();
            // Unused, it may be overwritten: it was named.
            Assert.Equal("/dev/disks/64", Assert.Single((await PlanAsync(guest, b, "/dev/disks/64")).Disks).Destination);
            await LabHosts.RunAsync("virsh", "b", "attach-disk", other.Name, loop, "vdz", "--config", "--sourcetype", "block");
            Assert.Contains($"is used by '{other.Name}'", await RefusalAsync(guest, b, "/dev/disks/64"), StringComparison.Ordinal);
            await LabHosts.RunAsync("virsh", "b", "detach-disk", other.Name, "vdz", "--config");
            await OnBAsync($"mount {loop} /mnt/device");
            Assert.Contains("is used by b itself: mounted on /mnt/device", await RefusalAsync(guest, b, "/dev/disks/64"), StringComparison.Ordinal);
            await OnBAsync("umount /mnt/device");
            await PlanAsync(guest, b, "/dev/disks/64");
        }
        finally
        {
            await OnBAsync($"umount /mnt/device; virsh -q pool-destroy devices; for disk in /dev/disks/*; do losetup -d $disk; done; rm -rf /dev/disks {Devices} /mnt/device");
        }

        await guest.ShouldBeWholeAsync("a");
    }

    private static Task<string> OnBAsync(string script) => LabHosts.RunAsync("sh", "b", "sh", "-c", script);

    private static async Task<string> RefusalAsync(LabHosts.Guest guest, LibvirtHost to, string place)
    {
        var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => PlanAsync(guest, to, place));
        Assert.Equal(Faults.DestinationImageInUse, error.Fault);
        return error.Message;
    }

    private static async Task<MigrationPlan> PlanAsync(LabHosts.Guest guest, LibvirtHost to, string place) => await (await guest.OnA).PlanMigrationAsync(to, new MigrationOptions
    {
        AllowUnsafe = true,
        Storage = new StorageOptions { Copy = CopyStorage.Full, Disks = ["vda"] },
        DiskMap = new Dictionary<string, string> { ["vda"] = place },
    });
}
