using LiveMigration.Domains;
using LiveMigration.Units;

namespace LiveMigration.Tests.Domains;

public sealed class DiskReaderTests
{
    private static readonly StoragePool[] Pools =
        [.. new[] { "dir", "netfs", "logical" }.Select(type => StoragePool.Parse(Recorded.Text($"pool-{type}.xml")))];

    [Fact]
    public void A_running_guest_has_the_disks_of_its_definition()
    {
        var disks = Read("domain-running.xml");
        Assert.Equal(["vda", "vdb", "vdc"], disks.Select(disk => disk.Target));
        Assert.Equal(
            ["/var/lib/libvirt/shared/rec-vda.qcow2", "/var/lib/libvirt/images/rec-vdb.qcow2", "nbd://10.99.0.10/rec-vdc"],
            disks.Select(disk => disk.Source));
        Assert.Equal([StorageAccess.Unknown, StorageAccess.Local, StorageAccess.Shared], disks.Select(disk => disk.Access));
        Assert.All(disks, disk => Assert.True(disk is { Bus: "virtio", Cache: "none", Device: "disk", ReadOnly: false, Removable: false }));
        Assert.Equal(["qcow2", "qcow2", "raw"], disks.Select(disk => disk.Format));
    }

    [Fact]
    public void A_disk_knows_whose_it_is_and_how_large()
    {
        var domain = Given.Domain() with { Disks = [new DiskSummary("vdb", "/x", ByteSize.Parse("64MiB"), StorageAccess.Local)] };
        var disks = DiskReader.ReadAll(domain, Recorded.Xml("domain-running.xml"), Pools);
        Assert.All(disks, disk => Assert.Equal(("web", "a"), (disk.Name, disk.HostName)));
        Assert.Equal([null, ByteSize.Parse("64MiB"), null], disks.Select(disk => disk.Capacity));
    }

    [Fact]
    public void An_overlay_names_its_base()
    {
        Assert.Equal("/var/lib/libvirt/images/base.qcow2", One("domain-backing.xml", "vda").BackingFile);
        Assert.Equal("/var/lib/libvirt/images/base.qcow2", One("domain-disks.xml", "vdf").BackingFile);
        Assert.All(Read("domain-running.xml"), disk => Assert.Null(disk.BackingFile));
    }

    [Fact]
    public void A_volume_is_where_its_pool_is()
    {
        var known = One("domain-disks.xml", "vda");
        Assert.Equal(("volume", "default/data.qcow2", StorageAccess.Local), (known.Type, known.Source, known.Access));
        var unknown = DiskReader.ReadAll(Given.Domain(), Recorded.Xml("domain-disks.xml"), []).First();
        Assert.Equal(StorageAccess.Unknown, unknown.Access);
    }

    [Theory]
    [InlineData("vdb", "block", "/dev/vg0/root", StorageAccess.Local)]
    [InlineData("vdc", "network", "rbd://mon1.example.org/vms/web1", StorageAccess.Shared)]
    [InlineData("vdd", "network", "nbd:///export", StorageAccess.Unknown)]
    [InlineData("vde", "nvme", null, StorageAccess.Local)]
    [InlineData("vdg", "vhostuser", "/run/vhost-blk.sock", StorageAccess.Unknown)]
    [InlineData("hda", "file", "/var/lib/libvirt/images/install.iso", StorageAccess.Local)]
    [InlineData("hdb", "file", null, StorageAccess.None)]
    [InlineData("hdc", "network", "https://mirror.example.org/iso/debian.iso", StorageAccess.Shared)]
    [InlineData("sda", "block", "/dev/disk/by-id/scsi-36001405", StorageAccess.Unknown)]
    [InlineData("fda", "dir", "/srv/floppy", StorageAccess.Unknown)]
    public void Each_kind_of_disk_has_a_source_and_someone_who_reaches_it(string target, string type, string? source, StorageAccess access)
    {
        var disk = One("domain-disks.xml", target);
        Assert.Equal((type, source, access), (disk.Type, disk.Source, disk.Access));
        Assert.NotEmpty(disk.Evidence);
    }

    [Fact]
    public void What_is_read_only_shareable_or_removable_says_so()
    {
        Assert.True(One("domain-disks.xml", "hda") is { ReadOnly: true, Removable: true, Shareable: false, Device: "cdrom" });
        Assert.True(One("domain-disks.xml", "sda") is { ReadOnly: false, Removable: false, Shareable: true, Device: "lun" });
        Assert.True(One("domain-disks.xml", "fda") is { ReadOnly: true, Removable: true, Device: "floppy" });
    }

    private static DomainDisk One(string file, string target) => Assert.Single(Read(file), disk => disk.Target == target);

    private static List<DomainDisk> Read(string file) => DiskReader.ReadAll(Given.Domain(), Recorded.Xml(file), Pools);
}
