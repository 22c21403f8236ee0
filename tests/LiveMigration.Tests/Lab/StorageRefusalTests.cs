using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>L5: what would destroy data, or cannot work, is refused before anything is touched.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StorageRefusalTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";
    private const string Shared = "/var/lib/libvirt/shared";
    private static readonly StorageOptions Copy = new() { Copy = CopyStorage.Full, Disks = ["vda"] };

    [LabFact]
    public async Task One_file_under_two_paths()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=4");
        Assert.Equal(Faults.SharedDiskInCopy, await RefusalAsync(guest, place: null));
        try
        {
            await LabHosts.RunAsync("sh", "b", "sh", "-c",
                $"mkdir -p /var/lib/libvirt/links /var/lib/libvirt/bound && ln -sf {Shared}/{guest.Name}-vda.qcow2 /var/lib/libvirt/links/other.qcow2 && mount --bind {Shared} /var/lib/libvirt/bound");
            foreach (var pool in new[] { "links", "bound" })
                await LabHosts.RunAsync("virsh", "b", "pool-create-as", pool, "dir", "--target", $"/var/lib/libvirt/{pool}");
            Assert.Equal(Faults.SameImage, await RefusalAsync(guest, "/var/lib/libvirt/links/other.qcow2"));
            Assert.Equal(Faults.SameImage, await RefusalAsync(guest, "bound"));
        }
        finally
        {
            await LabHosts.RunAsync("sh", "b", "sh", "-c",
                "virsh -q pool-destroy links; virsh -q pool-destroy bound; umount /var/lib/libvirt/bound; rm -rf /var/lib/libvirt/links");
        }

        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task An_image_that_is_another_guests_or_of_another_size()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        await using var other = new LabHosts.Guest(lab, guest.Name + "x");
        await LabHosts.RunAsync("guest", other.Name, "b", "disk=local", "start=0");
        var image = $"{Images}/{other.Name}-vda.qcow2";
        var before = await LabHosts.RunAsync("sh", "b", "sha256sum", image);
        Assert.Equal(Faults.DestinationImageInUse, await RefusalAsync(guest, image));
        Assert.Equal(before, await LabHosts.RunAsync("sh", "b", "sha256sum", image));

        var path = $"{Images}/{guest.Name}-vda.qcow2";
        await CreateAsync(path, "qcow2", "32M");
        Assert.Equal(Faults.ImagesDiffer, await RefusalAsync(guest, place: null));
        await CreateAsync(path, "raw", "64M");
        Assert.Equal(Faults.ImagesDiffer, await RefusalAsync(guest, place: null));
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>B004: on the destination it is not overwritten, on the source it is not removed.</summary>
    [LabFact]
    public async Task B004_an_image_that_another_guest_names_by_pool_and_volume_is_that_guests()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        await using var other = new LabHosts.Guest(lab, guest.Name + "x");
        await LabHosts.RunAsync("guest", other.Name, "b", "disk=local", "start=0");
        await VolumeAsync("b", other.Name, other.Name);
        var image = $"{Images}/{other.Name}-vda.qcow2";
        var before = await LabHosts.RunAsync("sh", "b", "sha256sum", image);
        Assert.Equal(Faults.DestinationImageInUse, await RefusalAsync(guest, image));
        Assert.Equal(before, await LabHosts.RunAsync("sh", "b", "sha256sum", image));

        await using var twin = new LabHosts.Guest(lab, guest.Name + "y");
        await LabHosts.RunAsync("guest", twin.Name, "a", "disk=local", "start=0");
        await VolumeAsync("a", twin.Name, guest.Name);
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Storage = new StorageOptions { SourceDisk = SourceDisk.Remove } });
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Verdict is MigrationVerdict.Moved, result.Error);
        Assert.Contains(result.Verified, fact => !fact.IsTrue && fact.Found.Contains($"used by '{twin.Name}'", StringComparison.Ordinal));
        await LabHosts.RunAsync("sh", "a", "test", "-e", $"{Images}/{guest.Name}-vda.qcow2");
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>Gives a shut-off guest the image of another, by pool and volume.</summary>
    private static async Task VolumeAsync(string host, string name, string imageOf)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (await LabHosts.RunAsync("virsh", host, "dumpxml", name))
            .Replace($"<source file='{Images}/{name}-vda.qcow2'/>", $"<source pool='default' volume='{imageOf}-vda.qcow2'/>", StringComparison.Ordinal)
            .Replace("<disk type='file' device='disk'>", "<disk type='volume' device='disk'>", StringComparison.Ordinal));
        await LabHosts.RunAsync("virsh", host, "define", file);
        File.Delete(file);
    }

    /// <summary>Makes an image at b. These hosts have one clock: if the guest last wrote in the same tick, the two would look like one file.</summary>
    private static async Task CreateAsync(string path, string format, string size)
    {
        await LabHosts.RunAsync("sh", "b", "qemu-img", "create", "-q", "-f", format, path, size);
        var made = await ChangedAsync("b");
        for (var tries = 0; await ChangedAsync("a") <= made; tries++)
        {
            Assert.True(tries < 600, "The guest does not write.");
            await Task.Delay(50);
        }

        async Task<decimal> ChangedAsync(string host) =>
            decimal.Parse(await LabHosts.RunAsync("sh", host, "stat", "--format", "%.9Z", path), CultureInfo.InvariantCulture);
    }

    [LabFact]
    public async Task A_disk_that_the_guest_cannot_write_that_others_write_and_a_device_that_no_pool_shows()
    {
        await using var guest = await lab.GuestAsync("disk=local,local,local", "format=raw", "start=0");
        await guest.RedefineAsync(xml => xml
            .Replace("<target dev='vdb' bus='virtio'/>", "<target dev='vdb' bus='virtio'/><readonly/>", StringComparison.Ordinal)
            .Replace("<target dev='vdc' bus='virtio'/>", "<target dev='vdc' bus='virtio'/><shareable/>", StringComparison.Ordinal));
        await guest.StartAsync();
        Assert.Equal(Faults.ReadOnlyDiskInCopy, await RefusalAsync(guest, place: null, Copy with { Disks = ["vdb"] }));
        Assert.Equal(Faults.SharedDiskInCopy, await RefusalAsync(guest, place: null, Copy with { Disks = ["vdc"] }));
        Assert.Equal(Faults.BlockDeviceDestination, await RefusalAsync(guest, "/dev/vda", Copy with { Disks = [], ImagesOnly = true }));
    }

    private async Task<Fault> RefusalAsync(LabHosts.Guest guest, string? place, StorageOptions? storage = null)
    {
        var options = new MigrationOptions
        {
            AllowUnsafe = true,
            Storage = storage ?? Copy,
            DiskMap = place is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["vda"] = place },
        };
        return (await Assert.ThrowsAnyAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options))).Fault;
    }
}
