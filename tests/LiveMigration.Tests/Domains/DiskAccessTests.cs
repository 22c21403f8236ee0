using LiveMigration.Domains;

namespace LiveMigration.Tests.Domains;

public sealed class DiskAccessTests
{
    private static readonly StoragePool[] Pools =
    [
        .. new[] { "dir", "netfs", "logical", "iscsi", "fs" }.Select(type => StoragePool.Parse(Recorded.Text($"pool-{type}.xml"))),
        // This libvirt is built without rbd: https://libvirt.org/storage.html#rbd-pool
        StoragePool.Parse("<pool type='rbd'><name>ceph</name><source><name>vms</name><host name='mon1'/></source></pool>"),
    ];

    [Fact]
    public void A_pool_tells_its_name_type_and_path()
    {
        Assert.Equal(new StoragePool("default", "dir", "/var/lib/libvirt/images"), Pools[0]);
        Assert.Equal(new StoragePool("vg0", "logical", "/dev/vg0"), Pools[2]);
        Assert.Equal(new StoragePool("ceph", "rbd", TargetPath: null), Pools[^1]);
    }

    [Theory]
    [InlineData("dir", StorageAccess.Local)]
    [InlineData("fs", StorageAccess.Local)]
    [InlineData("logical", StorageAccess.Local)]
    [InlineData("disk", StorageAccess.Local)]
    [InlineData("zfs", StorageAccess.Local)]
    [InlineData("netfs", StorageAccess.Shared)]
    [InlineData("gluster", StorageAccess.Shared)]
    [InlineData("rbd", StorageAccess.Shared)]
    [InlineData("iscsi", StorageAccess.Shared)]
    [InlineData("iscsi-direct", StorageAccess.Shared)]
    public void A_pool_on_the_network_is_shared_and_any_other_is_local(string type, StorageAccess access) =>
        Assert.Equal(access, new StoragePool("pool", type, TargetPath: null).Access);

    [Theory]
    [InlineData("/var/lib/libvirt/images", "/var/lib/libvirt/images/a.qcow2", true)]
    [InlineData("/var/lib/libvirt/images/", "/var/lib/libvirt/images/a.qcow2", true)]
    [InlineData("/var/lib/libvirt/images", "/var/lib/libvirt/images/sub/a.qcow2", true)]
    [InlineData("/var/lib/libvirt/images", "/var/lib/libvirt/images2/a.qcow2", false)]
    [InlineData("/var/lib/libvirt/images", "/var/lib/libvirt/images", false)]
    [InlineData("/", "/a.qcow2", false)]
    [InlineData(null, "/a.qcow2", false)]
    public void A_pool_holds_what_is_below_its_path(string? target, string path, bool holds) =>
        Assert.Equal(holds, new StoragePool("pool", "dir", target).Holds(path));

    [Theory]
    [InlineData("/var/lib/libvirt/images/a.qcow2", StorageAccess.Local, "'default' is of type dir")]
    [InlineData("/var/lib/libvirt/images/nfs/a.qcow2", StorageAccess.Shared, "'nfs' is of type netfs")]
    [InlineData("/dev/vg0/root", StorageAccess.Local, "'vg0' is of type logical")]
    [InlineData("/dev/disk/by-path/ip-10.0.0.1:3260-iscsi-iqn-lun-1", StorageAccess.Shared, "'san' is of type iscsi")]
    [InlineData("/srv/fs/a.raw", StorageAccess.Local, "'fs' is of type fs")]
    [InlineData("/home/a.raw", StorageAccess.Unknown, "No storage pool on the host contains this path.")]
    public void The_pool_with_the_longest_path_tells_who_can_reach_a_file(string path, StorageAccess access, string evidence)
    {
        var found = DiskAccess.Of(path, Pools);
        Assert.Equal(access, found.Access);
        Assert.Contains(evidence, found.Evidence, StringComparison.Ordinal);
        Assert.Equal(found, DiskAccess.Of(path, [.. Pools.Reverse()]));
    }

    [Fact]
    public void A_network_disk_is_shared_unless_each_host_has_a_server_of_its_own_and_an_empty_drive_is_nothing()
    {
        Assert.Equal(StorageAccess.Shared, Network(new DiskServer("mon1")));
        Assert.Equal(StorageAccess.Unknown, Network(new DiskServer("localhost")));
        Assert.Equal(StorageAccess.Unknown, Network(new DiskServer(null, Socket: "/run/nbd.sock")));
        Assert.Equal(StorageAccess.Unknown, Network());
        Assert.Equal(StorageAccess.None, DiskAccess.Of(null, Pools).Access);

        static StorageAccess Network(params DiskServer[] servers) => DiskAccess.Of(new DiskSource("network") { Protocol = "rbd", Image = "vms/web", Servers = servers }).Access;
    }
}
