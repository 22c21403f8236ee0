using LiveMigration.Domains;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>S2: what a listing tells of disks that have no path.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ListingTests(LabHosts lab)
{
    private const string Devices = """
        <disk type='nvme' device='disk'><driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='1'>
          <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source><target dev='vdb' bus='virtio'/></disk>
        <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk></devices>
        """;

    [LabFact]
    public async Task Of_a_domain_that_is_off_network_disks_are_shared_nvme_is_local_and_an_empty_drive_is_none()
    {
        await using var guest = await lab.GuestAsync("disk=nbd", "start=0");
        await guest.RedefineAsync(xml => xml.Replace("</devices>", Devices, StringComparison.Ordinal));
        var domain = await guest.OnA;
        Assert.Equal(
            [("hdc", StorageAccess.None), ("vda", StorageAccess.Shared), ("vdb", StorageAccess.Local)],
            domain.Disks.Select(disk => (disk.Target, disk.Access)).Order());
        Assert.Equal(StorageAccess.Mixed, domain.Storage);
        // PowerShell can index it, and not what the compiler makes of a collection expression; in CSV it is its items.
        Assert.IsType<ItemList<DiskSummary>>(domain.Disks);
    }

    [LabFact]
    public async Task Of_one_that_runs_network_disks_are_shared()
    {
        await using var guest = await lab.GuestAsync("disk=nbd");
        Assert.Equal(StorageAccess.Shared, Assert.Single((await guest.OnA).Disks).Access);
    }
}
