using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Storage;

/// <summary>M6: who can reach a disk is proven or it is not known; a disk stays behind only on proof.</summary>
public sealed class DiskEvidenceTests
{
    private const string Uuid = "Wp3q7M-0aBc-1dEf-2gHi-3jKl-4mNo-5pQrSt";
    private const string OtherUuid = "Zp3q7M-0aBc-1dEf-2gHi-3jKl-4mNo-5pQrSt";
    private const string Wwn = "36001405a1b2c3d4e5f60718293a4b5c6";

    /// <summary>The destination has what the source has: the same definition.</summary>
    public static TheoryData<StorageAccess, string> OverTheNetwork => new()
    {
        { StorageAccess.Shared, "<source protocol='rbd' name='vms/web'><host name='10.0.0.11' port='6789'/><host name='10.0.0.12' port='6789'/></source>" },
        { StorageAccess.Shared, "<source protocol='rbd' name='vms/web'><host name='10.0.0.1'/><host name='10.0.0.12'/></source>" }, // One monitor runs on the source.
        { StorageAccess.Unknown, "<source protocol='rbd' name='vms/web'/>" }, // Each host's own ceph.conf.
        { StorageAccess.Unknown, "<source protocol='rbd' name='vms/web'><host name='10.0.0.1'/></source>" },
        { StorageAccess.Unknown, "<source protocol='rbd' name='vms/web'><host name='127.0.0.1'/><host name='10.0.0.12'/></source>" },
        { StorageAccess.Shared, "<source protocol='nbd' name='web'><host name='storage' port='10809'/></source>" },
        { StorageAccess.Shared, "<source protocol='nbd' name='web'><host name='2001:db8::5' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'/>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='127.0.0.1' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='127.1' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='::1' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='[::1]' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='::ffff:127.0.0.1' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='0.0.0.0' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='169.254.1.2' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='fe80::1' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='localhost' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='LOCALHOST.' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='ip6-localhost' port='10809'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host transport='unix' socket='/run/nbd/web'/></source>" },
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='10.0.0.1' port='10809'/></source>" }, // The source's own address.
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='A.example.org' port='10809'/></source>" }, // Its own name.
        { StorageAccess.Unknown, "<source protocol='nbd' name='web'><host name='192.168.122.1' port='10809'/></source>" }, // The default network of libvirt.
        { StorageAccess.Shared, "<source protocol='iscsi' name='iqn.2013-07.com.example:iscsi/1'><host name='san' port='3260'/></source>" },
        { StorageAccess.Unknown, "<source protocol='iscsi' name='iqn.2013-07.com.example:iscsi/1'><host name='127.0.0.1' port='3260'/></source>" },
        { StorageAccess.Shared, "<source protocol='gluster' name='vol/web'><host name='g1'/><host name='g2'/></source>" },
        { StorageAccess.Unknown, "<source protocol='gluster' name='vol/web'><host transport='unix' socket='/run/glusterd.sock'/></source>" },
        { StorageAccess.Unknown, "<source protocol='sheepdog' name='web'/>" }, // The gateway on each host.
        { StorageAccess.Shared, "<source protocol='sheepdog' name='web'><host name='sheep' port='7000'/></source>" },
        { StorageAccess.Shared, "<source protocol='https' name='/seed.iso'><host name='mirror.example.org' port='443'/></source>" },
        { StorageAccess.Unknown, "<source protocol='http' name='/seed.iso'><host name='localhost' port='80'/></source>" },
        { StorageAccess.Shared, "<source protocol='ssh' name='/srv/web.raw'><host name='filer' port='22'/></source>" },
        { StorageAccess.Shared, "<source protocol='nfs' name='/export/web.raw'><host name='filer'/></source>" },
        { StorageAccess.Unknown, "<source protocol='vxhs' name='eb90327c'><host name='127.0.0.1' port='9999'/></source>" },
    };

    [Theory]
    [MemberData(nameof(OverTheNetwork))]
    public void A_network_disk_is_shared_only_where_its_server_is_the_same_from_both_hosts(StorageAccess access, string source) =>
        Assert.Equal(access, Judged(Network(source)).Access);

    [Theory]
    [InlineData(StorageAccess.Shared, "<source protocol='rbd' name='vms/web'><host name='10.0.0.11'/><host name='10.0.0.13'/></source>")] // One monitor in common.
    [InlineData(StorageAccess.Unknown, "<source protocol='rbd' name='vms/web'><host name='10.9.0.11'/></source>")]
    [InlineData(StorageAccess.Unknown, "<source protocol='rbd' name='other/web'><host name='10.0.0.11'/></source>")]
    [InlineData(StorageAccess.Unknown, "<source protocol='nbd' name='vms/web'><host name='10.0.0.11'/></source>")]
    public void An_image_of_another_cluster_is_another_image(StorageAccess access, string there)
    {
        var here = Network("<source protocol='rbd' name='vms/web'><host name='10.0.0.11'/><host name='10.0.0.12'/></source>");
        Assert.Equal(access, Judged(here with { There = DiskSource.Parse(XElement.Parse(there), "network") }).Access);
    }

    public static TheoryData<StorageAccess, string, string?, string?> Devices => new()
    {
        { StorageAccess.Unknown, "/dev/vg0/web", null, null }, // No pool.
        { StorageAccess.Unknown, "/dev/vg0/web", "/dev/vg0/web", "/dev/vg0/web" }, // A folder pool over /dev.
        { StorageAccess.Shared, "/dev/vg0/web", Uuid, Uuid },
        { StorageAccess.Local, "/dev/vg0/web", Uuid, OtherUuid },
        { StorageAccess.Unknown, "/dev/vg0/web", Uuid, null },
        { StorageAccess.Unknown, "/dev/sdb", null, null },
        { StorageAccess.Shared, "/dev/sdb", Wwn, Wwn },
        { StorageAccess.Local, "/dev/sdb", Wwn, "36001405ffffffffe5f60718293a4b5c6" },
        { StorageAccess.Unknown, "/dev/sdb", "360000000000000000e00000000010001", "360000000000000000e00000000010001" }, // tgt's, of any server.
        { StorageAccess.Unknown, "/dev/sdb", "0QEMU_QEMU_HARDDISK_drive-scsi0-0-0", "0QEMU_QEMU_HARDDISK_drive-scsi0-0-0" },
        { StorageAccess.Unknown, "/dev/nvme0n1", null, null },
        { StorageAccess.Unknown, "/dev/drbd0", null, null },
        { StorageAccess.Unknown, "/dev/drbd/by-res/web/0", null, null },
        { StorageAccess.Unknown, "/dev/rbd/vms/web", null, null },
        { StorageAccess.Unknown, "/dev/loop0", null, null },
        { StorageAccess.Unknown, "/dev/zvol/tank/web", null, null },
        { StorageAccess.Unknown, "/dev/mapper/mpatha", null, null },
        { StorageAccess.Shared, $"/dev/mapper/{Wwn}", null, null },
        { StorageAccess.Shared, "/dev/disk/by-id/wwn-0x6001405a1b2c3d4e5f60718293a4b5c6", null, null },
        { StorageAccess.Shared, "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4-part1", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-id/wwn-0x60000000000000000e00000000010001", null, null },
        { StorageAccess.Shared, $"/dev/disk/by-id/dm-uuid-mpath-{Wwn}", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0-0-0", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-id/virtio-data", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-uuid/0fc63daf-8483-4772-8e79-3d69d8477de4", null, null }, // Copied with the file system.
        { StorageAccess.Unknown, "/dev/disk/by-label/data", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-path/pci-0000:00:17.0-ata-2", null, null },
        { StorageAccess.Shared, "/dev/disk/by-path/ip-10.0.0.9:3260-iscsi-iqn.2013-07.com.example:web-lun-1", null, null },
        { StorageAccess.Shared, "/dev/disk/by-path/ip-[2001:db8::9]:3260-iscsi-iqn.2013-07.com.example:web-lun-1", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-iqn.2013-07.com.example:web-lun-1", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-path/ip-[::1]:3260-iscsi-iqn.2013-07.com.example:web-lun-1", null, null },
        { StorageAccess.Unknown, "/dev/disk/by-path/ip-10.0.0.1:3260-iscsi-iqn.2013-07.com.example:web-lun-1", null, null },
    };

    /// <summary>B002: a volume of the same name on both hosts is not the same volume.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void A_block_device_is_shared_only_where_its_identity_is_the_same(StorageAccess access, string path, string? here, string? there)
    {
        var facts = Host($"<disk type='block'><source dev='{path}'/><target dev='vda'/></disk>") with
        {
            DestinationPath = path,
            SourceChain = here is null ? [] : [Volume(path) with { Key = here }],
            DestinationVolume = there is null ? null : Volume(path) with { Key = there },
        };
        Assert.Equal(access, Judged(facts).Access);
        if (access is StorageAccess.Unknown)
            Assert.Equal(Faults.DiskNotShared, Assert.Throws<LiveMigrationException>(() => Plan(facts)).Fault);
    }

    /// <summary>The server of each host's pool, or <c>dir</c>, or none.</summary>
    public static TheoryData<StorageAccess, string, string?, string?, bool?> Files => new()
    {
        { StorageAccess.Unknown, "/images/web.qcow2", null, null, null },
        { StorageAccess.Unknown, "/images/web.qcow2", "dir", null, null },
        { StorageAccess.Unknown, "/images/web.qcow2", "dir", "dir", null }, // The same path is no proof.
        { StorageAccess.Local, "/images/web.qcow2", "dir", "dir", false },
        { StorageAccess.Shared, "/images/web.qcow2", "dir", "dir", true },
        { StorageAccess.Shared, "/images/web.qcow2", "filer", "filer", null },
        { StorageAccess.Shared, "/images/web.qcow2", "filer", "filer", true },
        { StorageAccess.Unknown, "/images/web.qcow2", "filer", "filer", false }, // One is not mounted, or its list of files is an old one.
        { StorageAccess.Unknown, "/images/web.qcow2", "10.0.0.1", "10.0.0.1", false },
        { StorageAccess.Unknown, "/images/web.qcow2", "filer", "filer2", null },
        { StorageAccess.Local, "/images/web.qcow2", "filer", "filer2", false },
        { StorageAccess.Unknown, "/images/web.qcow2", "localhost", "localhost", null },
        { StorageAccess.Unknown, "/images/web.qcow2", "127.0.0.1", "127.0.0.1", null },
        { StorageAccess.Unknown, "/images/web.qcow2", "10.0.0.1", "10.0.0.1", null }, // The source exports it.
        { StorageAccess.Shared, "/images/web.qcow2", "10.0.0.1", "10.0.0.1", true },
        { StorageAccess.Local, "/images/web.qcow2", "localhost", "localhost", false },
        { StorageAccess.Local, "/dev/shm/web.qcow2", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_shared_only_where_its_folder_is_the_same(StorageAccess access, string path, string? here, string? there, bool? marker)
    {
        var facts = Host($"<disk type='file'><source file='{path}'/><target dev='vda'/></disk>") with
        {
            DestinationPath = path, SourcePool = Of(here), DestinationPool = Of(there), MarkerSeen = marker,
        };
        Assert.Equal(access, Judged(facts).Access);

        static PoolFacts? Of(string? server) => server switch { null => null, "dir" => Pool("dir"), _ => Pool("netfs", server) };
    }

    [Theory]
    [InlineData(StorageAccess.Local, "<disk type='nvme'><source type='pci' namespace='1'/><target dev='vda'/></disk>")]
    [InlineData(StorageAccess.Unknown, "<disk type='vhostuser'><source type='unix' path='/run/vhost.sock'/><target dev='vda'/></disk>")]
    [InlineData(StorageAccess.Unknown, "<disk type='vhostvdpa'><source dev='/dev/vhost-vdpa-0'/><target dev='vda'/></disk>")]
    [InlineData(StorageAccess.Unknown, "<disk type='dir'><source dir='/srv/fat'/><target dev='vda'/></disk>")]
    [InlineData(StorageAccess.Unknown, "<disk type='volume'><source pool='lost' volume='web'/><target dev='vda'/></disk>")]
    [InlineData(StorageAccess.Unknown, "<disk type='nextyear'><source file='/x'/><target dev='vda'/></disk>")]
    public void What_a_host_has_of_its_own_or_another_process_serves_is_never_left_behind(StorageAccess access, string disk)
    {
        var facts = Host(disk);
        Assert.Equal(access, Judged(facts).Access);
        foreach (var copy in new CopyStorage?[] { null, CopyStorage.None, CopyStorage.Full })
            Assert.Equal(Faults.DiskNotShared, Assert.Throws<LiveMigrationException>(() => Plan(facts, new() { Copy = copy })).Fault);
    }

    /// <summary>The administrator's word counts for what is not known, for the disks that it names, and against no proof.</summary>
    [Theory]
    [InlineData(true, "<disk type='block'><source dev='/dev/vg0/web'/><target dev='vda'/></disk>")]
    [InlineData(true, "<disk type='network'><source protocol='rbd' name='vms/web'/><target dev='vda'/></disk>")]
    [InlineData(true, "<disk type='vhostuser'><source type='unix' path='/run/vhost.sock'/><target dev='vda'/></disk>")]
    [InlineData(true, "<disk type='dir'><source dir='/srv/fat'/><target dev='vda'/></disk>")]
    [InlineData(false, "<disk type='nvme'><source type='pci' namespace='1'/><target dev='vda'/></disk>")]
    public void A_disk_that_is_said_to_be_shared_stays_unless_it_is_proven_to_be_local(bool stays, string disk)
    {
        var facts = Host(disk) with { DestinationPath = "/dev/vg0/web" };
        Assert.Contains(stays ? "add -AssumeShared vda." : "", Refusal(facts, StorageOptions.Default), StringComparison.Ordinal);
        if (!stays)
            Assert.DoesNotContain("-AssumeShared", Refusal(facts, new() { AssumeShared = ["vda"] }), StringComparison.Ordinal);
        else
            Assert.Equal((DiskTransfer.None, StorageAccess.Shared, true), Move(Plan(facts, new() { AssumeShared = ["vda"] })[0]));
        if (stays)
            Assert.StartsWith("vdb would be left behind", Assert.Throws<LiveMigrationException>(() => DiskPlanner.Plan([facts, facts with { Disk = facts.Disk with { Target = "vdb" } }], new() { AssumeShared = ["vda"] }, "a", "b")).Message, StringComparison.Ordinal);

        static string Refusal(DiskFacts facts, StorageOptions options) => Assert.Throws<LiveMigrationException>(() => Plan(facts, options)).Message;

        static (DiskTransfer, StorageAccess, bool) Move(DiskMove move) => (move.Transfer, move.Access, move.Evidence.StartsWith("-AssumeShared vda says", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cdrom", "file")]
    [InlineData("floppy", "network")]
    [InlineData("cdrom", "block")]
    public void An_empty_drive_is_no_disk(string device, string type)
    {
        var facts = Host($"<disk type='{type}' device='{device}'><target dev='sda'/></disk>");
        Assert.Equal(StorageAccess.None, Judged(facts).Access);
        Assert.Equal(DiskTransfer.None, Assert.Single(Plan(facts)).Transfer);
    }

    /// <summary>A shared overlay over what only the source has is another disk at the destination.</summary>
    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(null, null, false)]
    [InlineData(false, true, true)] // Another file of the same content.
    [InlineData(false, false, false)]
    public void What_lies_below_a_shared_disk_has_to_be_there_as_well(bool? seen, bool? same, bool goes)
    {
        const string xml = "<disk type='file'><source file='/images/web.qcow2'/><backingStore type='file'><source file='/base/debian.qcow2'/><backingStore/></backingStore><target dev='vda'/></disk>";
        var (pool, bases) = (Pool("dir"), Pool("dir", path: "/base"));
        var top = Host(xml) with { DestinationPath = "/images/web.qcow2", SourcePool = pool, DestinationPool = pool, MarkerSeen = true };
        var facts = top with
        {
            Below = [Host("<disk type='file'><source file='/base/debian.qcow2'/><target dev='vda'/></disk>") with { DestinationPath = "/base/debian.qcow2", SourcePool = bases, DestinationPool = bases, MarkerSeen = seen }],
            Base = same is { } found ? new BaseMatch(found, true, "") : null,
        };
        if (goes)
            Assert.Equal((DiskTransfer.None, StorageAccess.Shared), (Plan(facts)[0].Transfer, Plan(facts)[0].Access));
        else
            Assert.Contains("read from /base/debian.qcow2", Assert.Throws<LiveMigrationException>(() => Plan(facts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chain_of_a_definition_has_backing_files_and_data_files()
    {
        var disk = XElement.Parse("""
            <disk type='file'><source file='/a'><dataStore type='block'><format type='raw'/><source dev='/dev/vg0/data'/></dataStore></source>
            <backingStore type='network'><source protocol='nbd' name='x'><host name='n'/></source><backingStore/></backingStore><target dev='vda'/></disk>
            """);
        Assert.Equal(["/a", "/dev/vg0/data", "nbd:x"], DiskSource.Chain(disk).Select(layer => layer.ToString()));
    }

    [Fact]
    public void A_pool_of_servers_tells_where_its_volumes_are()
    {
        var rbd = PoolFacts.Parse("<pool type='rbd'><name>ceph</name><source><host name='m1' port='6789'/><host name='m2'/><name>vms</name></source></pool>", isActive: true);
        Assert.Equal(("rbd", "vms/web", 2), (rbd.SourceOf("web")!.Protocol, rbd.SourceOf("web")!.Image, rbd.SourceOf("web")!.Servers.Count));
        var folder = PoolFacts.Parse("<pool type='dir'><name>d</name><target><path>/images</path></target></pool>", isActive: true);
        Assert.Equal(new DiskSource("file") { Path = "/images/web" }.ToString(), folder.SourceOf("web")!.ToString());
        // Two targets of one portal are two origins.
        Assert.NotEqual(Portal("iqn.a").Origin, Portal("iqn.b").Origin);

        static PoolFacts Portal(string target) => PoolFacts.Parse(
            $"<pool type='iscsi'><name>san</name><source><host name='10.0.0.9'/><device path='{target}'/></source><target><path>/dev/disk/by-path</path></target></pool>", isActive: true);
    }

    /// <summary>Two hosts made from one image: equal file systems, equal files, to the nanosecond of their last change.</summary>
    [Theory]
    [InlineData(null, StorageAccess.Unknown, "no file could be written beside it to prove that they are one.")]
    [InlineData(false, StorageAccess.Unknown, "a file written beside it does not appear there")]
    [InlineData(true, StorageAccess.Shared, "A file written to pool 'images' on a appears in pool 'images' on b.")]
    public void What_looks_equal_on_two_hosts_is_not_one(bool? marker, StorageAccess access, string says)
    {
        var pool = Pool("dir") with { Capacity = 1 << 30, Available = 1 << 30 };
        var image = Volume("/images/web.raw") with { Changed = 1_790_000_000.123456789m, Key = "/images/web.raw" };
        var facts = Host("<disk type='file'><driver type='raw'/><source file='/images/web.raw'/><target dev='vda'/></disk>") with
        {
            DestinationPath = "/images/web.raw", SourcePool = pool, DestinationPool = pool, SourceChain = [image], DestinationVolume = image, ChangesTogether = true, MarkerSeen = marker,
        };
        var verdict = Judged(facts);
        Assert.Equal((access, true), (verdict.Access, verdict.Evidence.Contains(says, StringComparison.Ordinal)));
        if (access is StorageAccess.Shared)
            return;
        // Neither left behind nor overwritten.
        Assert.Equal(Faults.DiskNotShared, Assert.Throws<LiveMigrationException>(() => Plan(facts)).Fault);
        Assert.Throws<LiveMigrationException>(() => Plan(facts, new() { Copy = CopyStorage.Full }));
        Assert.Equal(DiskTransfer.None, Plan(facts, new() { AssumeShared = ["vda"] })[0].Transfer);
    }

    /// <summary>What is said of many domains is not refused by one that has nothing to copy.</summary>
    [Fact]
    public void Full_copies_of_many_domains_leave_out_those_without_disks()
    {
        Assert.Equal(Faults.SharedDiskInCopy, Assert.Throws<LiveMigrationException>(() => DiskPlanner.Plan([], new() { Copy = CopyStorage.Full }, "a", "b")).Fault);
        Assert.Empty(DiskPlanner.Plan([], new() { Copy = CopyStorage.Full, IsForMany = true }, "a", "b"));
        Assert.True(new LiveMigration.Evacuation.EvacuationPolicy { CopyStorage = CopyStorage.Full }.Migration.Storage.IsForMany);
    }

    /// <summary>What both hosts say of the servers of these tests.</summary>
    private static readonly string Asked = string.Join('\n', new[] { "storage", "san", "g1", "g2", "sheep", "mirror.example.org", "filer", "filer2" }.Select((name, at) => $"name 10.9.0.{at} {name}"));

    /// <summary>The same name, or the same address, is the same server only as far as both hosts say so.</summary>
    [Theory]
    [InlineData(StorageAccess.Shared, "storage", "name 10.9.0.5 storage", "name 10.9.0.5 storage", "from storage")]
    [InlineData(StorageAccess.Shared, "Storage.", "name 10.9.0.5 storage\nname 10.9.0.6 storage", "name 10.9.0.6 storage", "from Storage.")]
    [InlineData(StorageAccess.Unknown, "storage", "name 10.9.0.5 storage", "name 10.9.0.6 storage", "a name that means 10.9.0.5 on a and 10.9.0.6 on b.")] // /etc/hosts of each.
    [InlineData(StorageAccess.Unknown, "storage", "name 127.0.1.1 storage", "name 127.0.1.1 storage", "a name that means 127.0.1.1 on a and 127.0.1.1 on b, a different host each.")]
    [InlineData(StorageAccess.Unknown, "storage", "own 10.9.0.5\nname 10.9.0.5 storage", "own 10.9.0.5\nname 10.9.0.5 storage", "a different host each")]
    [InlineData(StorageAccess.Unknown, "storage", "name 10.9.0.5 storage", null, "a name that the client cannot resolve, and b could not be asked.")]
    [InlineData(StorageAccess.Unknown, "storage", null, "name 10.9.0.5 storage", "a name that the client cannot resolve, and a could not be asked.")]
    [InlineData(StorageAccess.Unknown, "storage", null, null, "a name that the client cannot resolve, and a and b could not be asked.")]
    [InlineData(StorageAccess.Shared, "Storage.", null, null, "from Storage. (10.9.0.5 as the client resolves it: a and b could not be asked)", "10.9.0.5")]
    [InlineData(StorageAccess.Shared, "storage", "name 10.9.0.5 storage", null, "(10.9.0.5 as the client resolves it: b could not be asked)", "10.9.0.5")]
    [InlineData(StorageAccess.Shared, "storage", "name 10.9.0.5 storage", "unanswered storage", "(10.9.0.5 as the client resolves it: b could not be asked)", "10.9.0.5")]
    [InlineData(StorageAccess.Unknown, "storage", null, "own 10.9.0.2", "a name that b cannot resolve.", "10.9.0.5")]
    [InlineData(StorageAccess.Unknown, "storage", null, "name 10.9.0.6 storage", "a name that means 10.9.0.6 on b and 10.9.0.5 for the client, and a could not be asked.", "10.9.0.5")]
    [InlineData(StorageAccess.Unknown, "storage", null, null, "a name that means 127.0.1.1 for the client", "127.0.1.1")]
    [InlineData(StorageAccess.Unknown, "storage", null, null, "a name that means 172.17.0.1 for the client", "172.17.0.1")]
    [InlineData(StorageAccess.Unknown, "storage", null, null, "a name that means fe80::1 for the client", "fe80::1")]
    [InlineData(StorageAccess.Unknown, "storage", "own 10.9.0.5\nname 10.9.0.5 storage", null, "a name that means 10.9.0.5 for the client", "10.9.0.5")] // It is the source.
    [InlineData(StorageAccess.Unknown, "storage", "name 10.9.0.5 storage", "own 10.9.0.2", "a name that b cannot resolve.")]
    [InlineData(StorageAccess.Shared, "10.9.0.5", null, null, "from 10.9.0.5")]
    [InlineData(StorageAccess.Shared, "10.9.0.5", "own 10.9.0.7", "own 10.9.0.5", "from 10.9.0.5")] // It runs on the destination.
    [InlineData(StorageAccess.Unknown, "10.77.0.1", "own 10.77.0.1", "own 10.77.0.1", "an address that both hosts have themselves.")]
    [InlineData(StorageAccess.Unknown, "::ffff:10.77.0.1", "own 10.77.0.1", "own 10.77.0.1", "an address that both hosts have themselves.")]
    [InlineData(StorageAccess.Unknown, "172.17.0.1", null, null, "an address that many hosts have themselves")]
    [InlineData(StorageAccess.Unknown, "172.17.0.1", "own 172.17.0.1", "own 172.17.0.1", "an address that both hosts have themselves")]
    [InlineData(StorageAccess.Shared, "172.17.0.1", "own 10.0.0.1", "own 10.0.0.2", "from 172.17.0.1")] // Of neither: somebody's network is so.
    public void A_server_is_the_same_as_seen_from_both_hosts(StorageAccess access, string name, string? here, string? there, string says, string? client = null)
    {
        var resolved = new[] { client }.OfType<string>().ToLookup(_ => DiskServer.Bare(name), address => HostServers.Address(address)!, StringComparer.OrdinalIgnoreCase);
        var facts = Network($"<source protocol='nbd' name='web'><host name='{name}'/></source>") with
        {
            ServersHere = here is null ? null : HostServers.Parse(here), ServersThere = there is null ? null : HostServers.Parse(there),
            ServersOfClient = resolved,
        };
        var verdict = Judged(facts);
        Assert.Equal((access, true), (verdict.Access, verdict.Evidence.Contains(says, StringComparison.Ordinal)));
        // The pools of both hosts name it in the same way; a marker says more than names.
        var pool = Pool("netfs", name);
        var file = Host("<disk type='file'><source file='/images/web.qcow2'/><target dev='vda'/></disk>") with
        {
            DestinationPath = "/images/web.qcow2", SourcePool = pool, DestinationPool = pool, ServersHere = facts.ServersHere, ServersThere = facts.ServersThere,
            ServersOfClient = resolved,
        };
        Assert.Equal(access, Judged(file).Access);
        Assert.Equal(StorageAccess.Shared, Judged(file with { MarkerSeen = true }).Access);
    }

    private static DiskFacts Network(string source) => Host($"<disk type='network'>{source}<target dev='vda'/></disk>");

    private static DiskFacts Host(string disk) => new()
    {
        Disk = Assert.Single(DiskReader.ReadAll(Given.Domain(), XElement.Parse($"<domain><devices>{disk}</devices></domain>"), [])),
        ServersHere = HostServers.Parse(Asked), ServersThere = HostServers.Parse(Asked),
        SourceNames = new HashSet<string>(["a", "a.example.org", "10.0.0.1", "192.168.122.1"], StringComparer.OrdinalIgnoreCase),
    };

    private static PoolFacts Pool(string type, string? server = null, string path = "/images") =>
        new(new StoragePool("images", type, path), IsActive: true, server is null ? null : $"{server}:/export", Available: long.MaxValue)
        {
            Servers = server is null ? [] : [new DiskServer(server)],
        };

    private static Volume Volume(string path) => new("vg0", path, path, "raw", 1 << 30, 1 << 30, 1 << 30, Backing: null, Changed: null);

    private static DiskVerdict Judged(DiskFacts facts) => DiskEvidence.Judge(facts, "a", "b");

    private static IReadOnlyList<DiskMove> Plan(DiskFacts facts, StorageOptions? options = null) =>
        DiskPlanner.Plan([facts], options ?? StorageOptions.Default, "a", "b");
}
