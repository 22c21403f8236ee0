using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class StorageCheckTests
{
    private const string ReadOnly = "<disk type='file'><source file='/x.img'/><readonly/><target dev='vdb'/></disk>";
    private const string Disk = "/var/lib/libvirt/shared/rec-vda.qcow2";

    [Fact]
    public void S2_disks() => CheckTable.Holds(
    [
        new("LM078", Pass, facts => facts, "vda: Pool 'shared' on a and pool 'shared' on b both use nfs1:/export."),
        new("LM078", Pass, Local, "vda: 8 MiB are copied to "),
        new("LM078", Pass, facts => Other(facts, "<disk type='network'><source protocol='nbd' name='x'><host name='san'/></source><target dev='vda'/></disk>"), "vda: Both hosts access nbd:x over the network, from san."),
        new("LM078", Fail, facts => Other(facts, "<disk type='network'><source protocol='nbd' name='x'><host name='localhost'/></source><target dev='vda'/></disk>"), "vda would be left behind, but it is not known whether b accesses the same data. The disk is accessed through localhost, which is a different server on each host. A disk of type 'network' is not copied."),
        new("LM078", Fail, facts => Other(facts, "<disk type='block'><source dev='/dev/sdx'/><target dev='vda'/></disk>"), "a device of that name on b may be a different one. It is copied to a device that -DiskMap names. A name by its WWN"),
        new("LM078", Fail, facts => Other(facts, "<disk type='nvme'><source/><target dev='vda'/></disk>"), "vda would be left behind, but b does not access the same data. The disk is a PCI device of a."),
        new("LM078", Fail, facts => None(Local(facts)), "-CopyStorage None copies no disk. | Start-VMLiveMigration rec -Destination b -CopyStorage Full"),
        new("LM078", Fail, facts => CopyNone(Local(facts)), "It is unknown where"),
        new("LM078", Pass, facts => Local(facts).Disks(disk => disk with { MarkerSeen = true }), "appears in pool 'shared' on b."),
        new("LM078", Pass, facts => Other(facts, "<disk type='file' device='cdrom'><source file='/x.iso'/><readonly/><target dev='sda'/></disk>"), "The VM has none."),
        new("LM078", Fail, facts => Other(facts, ReadOnly), "vdb would be left behind, but it is not known whether b accesses the same data. The files of pool 'shared' on a and of pool 'shared' on b could not be compared. A read-only disk is not copied: b needs a copy of it at the same place. An active storage pool over / on both hosts would prove it. If you know that it does, add -AssumeShared vdb."),
        new("LM078", Pass, facts => Other(facts, ReadOnly).Demand(demand => demand with { Storage = new() { AssumeShared = ["vdb"] } }), "vdb: -AssumeShared vdb says"),
        new("LM078", Pass, facts => Other(facts, ReadOnly).Disks(disk => disk with { Content = new(true, true, "/x.img has the same content on both hosts") }), "vdb: /x.img has the same content on both hosts."),
        new("LM078", Fail, facts => Other(facts, ReadOnly).Disks(disk => disk with { Content = new(false, true, "the content of /x.img differs between a and b") }), "vdb would be left behind, but b does not access the same data. The content of /x.img differs between a and b."),
        new("LM078", Fail, facts => Other(facts, ReadOnly).Disks(disk => disk with { Content = new(false, true, "the content of /x.img differs between a and b"), DestinationVolume = Image("/x.img") }), "A read-only disk is not copied, and /x.img on b is another file, which other VMs may use: do not overwrite it."),
        new("LM078", Fail, facts => Other(facts, "<disk type='block'><source dev='/dev/vg0/data'/><readonly/><target dev='vdb'/></disk>"), "a device of that name on b may be a different one"),
        new("LM078", Fail, facts => Other(facts, "<disk type='network'><source protocol='nbd' name='x'><host name='127.0.0.1'/></source><readonly/><target dev='vdb'/></disk>"), "127.0.0.1, which is a different server on each host. A read-only disk is not copied"),
        new("LM078", Fail, facts => facts.Demand(demand => demand with { Storage = new() { Disks = ["vdz"] } }), "the domain has no 'vdz'"),
        new("LM078", Skipped, facts => facts.Demand(demand => demand with { Offline = true }), ""),
        new("LM078", Skipped, facts => Full(Local(facts)), "another reason (InsufficientStorage)"),
        new("LM079", Fail, facts => Ancient(Other(facts, "<disk type='file'><driver cache='writeback'/><source file='/x'/><target dev='vda'/></disk>")), "vda: The disk has cache='writeback', and QEMU 2.0 does not drop the host's cache. Another cache mode takes effect the next time the VM starts. | virsh -c qemu:///system dumpxml rec --inactive --security-info > rec.xml; sed -i \"s/cache='writeback'/cache='none'/\" rec.xml;"),
        new("LM079", Pass, facts => Other(facts, "<disk type='file'><source file='/x'/><target dev='vda'/></disk>"), "drops the host's cache"),
        new("LM079", Pass, facts => Ancient(facts), "The disks bypass"),
        new("LM080", Fail, facts => Seen(facts, false), $"b has no {Disk}. | Start-VMLiveMigration rec -Destination b -CopyStorage Full"),
        new("LM080", Unknown, facts => facts.Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>()) }), "No active storage pool of b holds"),
        new("LM080", Fail, facts => Layer(facts, false), "vda: b has no /var/lib/libvirt/shared/base.qcow2."),
        new("LM080", Pass, facts => Layer(facts, true), "vda: b has /var/lib/libvirt/shared/base.qcow2."),
        new("LM081", Fail, facts => Pool(facts, "netfs"), "is not active on b. | virsh -c qemu+tcp://b/system pool-start shared"),
        new("LM081", Warning, facts => Pool(facts, "dir"), "is not active on b."),
        new("LM081", Fail, facts => facts.Device("<disk type='volume'><source pool='gold' volume='v'/></disk>"), "b has no pool 'gold'."),
        new("LM080", Pass, Local, "The disk is copied."),
        new("LM081", Fail, facts => Pool(Local(facts), "dir").Disks(disk => disk with { DestinationPool = disk.DestinationPool! with { IsActive = false } }), "| virsh -c qemu+tcp://b/system pool-start shared"),
        new("LM081", Fail, facts => Local(facts).Destination(host => host with { Pools = Had<IReadOnlyList<HostPool>>([]) }).Disks(disk => disk with { DestinationPool = null, MarkerSeen = null }).Demand(demand => demand with { Storage = new() { Copy = CopyStorage.Full } }), "-AllowPoolSetup"),
        new("LM082", Fail, facts => Local(facts).Disks(disk => disk with { DestinationPath = "/dev/sdz" }), "/dev/sdz on b is a block device"),
        new("LM082", Pass, Local, "vda: The disk is copied to "),
        new("LM083", Fail, facts => Exists(Local(facts), 1), "has 1 B (1 bytes), but the disk has 64 MiB"),
        new("LM083", Pass, facts => Exists(Local(facts), 64 << 20), "also has 64 MiB."),
        new("LM083", Pass, Local, "is created with 64 MiB."),
        new("LM084", Fail, facts => Full(Local(facts)), "-AllowStorageOvercommit"),
        new("LM084", Pass, Local, "8 MiB now, at most 64 MiB; b has 1 TiB free in 'shared'."),
        new("LM085", Fail, facts => Overlay(facts, same: false).Demand(demand => demand with { Storage = new() { Copy = CopyStorage.Incremental } }), "-CopyStorage Full"),
        new("LM085", Pass, facts => Overlay(facts, same: true), "Backing file: found"),
        new("LM085", Pass, facts => facts, "No disk is copied."),
        new("LM087", Fail, facts => Local(facts).Disks(disk => disk with { DestinationVolume = Image(Disk) }), "already exists on b. Move it away on b if it is not needed there, or copy to another path. | Start-VMLiveMigration rec -Destination b -DiskMap @{ vda = '/var/lib/libvirt/shared/rec-vda-2.qcow2' }"),
        new("LM087", Fail, facts => Local(facts).Disks(disk => disk with { DestinationVolume = Image(Disk), IsLeftover = true }), "left by a migration whose client ended before it could remove it. | Start-VMLiveMigration rec -Destination b -CopyStorage Full"),
        new("LM087", Fail, facts => Local(facts).Disks(disk => disk with { DestinationVolume = Image(Disk), IsLeftover = true, UsedBy = ["other"] }), "-DiskMap @{ vda"),
        new("LM087", Fail, facts => Local(facts).Disks(disk => disk with { DestinationVolume = Image(Disk), UsedBy = ["other"] }), "is used by 'other'"),
        new("LM087", Fail, facts => Local(facts).Disks(disk => disk with { DestinationPath = "/dev/vg0/web", IsMapped = true, UsedBy = ["other"] }), "Name another place for the disk with -DiskMap."),
        new("LM087", Pass, Local, "does not exist yet."),
        new("LM086", Fail, facts => facts.Device("<disk type='file'><source file='/x'/><transient/><target dev='vdb'/></disk>"), "vdb: The changes on a transient disk are discarded"),
        new("LM086", Fail, facts => Seen(facts.Device($"<disk type='file' device='cdrom'><source file='{Disk}'/><readonly/><target dev='sda'/></disk>"), false), "sda: b has no"),
        new("LM086", Pass, facts => facts.Device($"<disk type='file' device='cdrom'><source file='{Disk}'/><readonly/><target dev='sda'/></disk>"), "sda: b has"),
        new("LM086", Unknown, facts => facts.Device("<disk type='file' device='cdrom'><source file='/mnt/x.iso'/><readonly/><target dev='sda'/></disk>"), "No active storage pool"),
    ]);

    [Fact]
    public void R1_what_is_asked_for() => CheckTable.Holds(
    [
        new("LM089", Fail, facts => facts.Demand(demand => demand with { Compression = "zstd", Parallel = 2 }), "-Compression needs libvirt 9.4.0, and b has 9.0.0."),
        new("LM089", Pass, facts => facts.Demand(demand => demand with { Parallel = 2 }), "-Parallel needs libvirt 5.2.0"),
        new("LM089", Fail, facts => facts.Demand(demand => demand with { Compression = "mt" }).Destination(host => host.Info(info => info with { HypervisorVersion = new(10, 0) })), "-Compression Mt was removed in QEMU 9.1.0, and b has 10.0."),
        new("LM089", Fail, facts => facts.Demand(demand => demand with { ZeroCopy = true }), "built without zero-copy-send"),
        new("LM090", Fail, facts => facts.Demand(demand => demand with { PostCopy = true, Parallel = 4 }), "needs QEMU 10.1.0 on both hosts"),
        new("LM091", Pass, facts => PostCopy(facts), "supports post-copy"),
        new("LM091", Warning, facts => PostCopy(facts).Device("<hostdev type='pci'/>"), "accesses memory that has not arrived yet"),
        new("LM091", Warning, facts => PostCopy(facts).Element("<memoryBacking><source type='file'/></memoryBacking>"), "userfaultfd"),
        new("LM092", Warning, facts => facts.Demand(demand => demand with { ZeroCopy = true }), "no memtune/hard_limit"),
        new("LM092", Pass, facts => facts.Demand(demand => demand with { ZeroCopy = true }).Element("<memtune><hard_limit>9</hard_limit></memtune>"), "is 9 KiB"),
        new("LM093", Fail, facts => Rdma(facts), "virsh -c qemu:///system memtune rec --hard-limit 8388608"),
        new("LM093", Pass, facts => Rdma(facts).Element("<memtune><hard_limit>9</hard_limit></memtune>"), "is 9 KiB"),
        new("LM094", Skipped, facts => facts, "does not use KVM"),
        new("LM094", Pass, facts => Kvm(facts).Xml(xml => xml.Element("features")!.Add(XElement.Parse("<kvm><dirty-ring state='on' size='4096'/></kvm>"))), "The dirty ring has 4096 entries."),
        new("LM094", Pass, Kvm, "measured by sampling"),
        new("LM095", Pass, facts => facts, "The VM wrote 20 MiB/s when its dirty rate was last measured, and 1.2 GiB/s can be sent."),
        new("LM095", Pass, facts => Idle(facts), "The VM wrote 0 B/s when its dirty rate was last measured"),
        new("LM095", Warning, facts => Limited(facts, "10MiB/s"), "and 10 MiB/s can be sent. | Start-VMLiveMigration rec -Destination b -AutoConverge -Bandwidth 10MiB/s"),
        new("LM095", Warning, facts => Limited(facts, "21MiB/s"), "and 21 MiB/s can be sent."),
        new("LM095", Pass, facts => Limited(facts, "10MiB/s").Demand(demand => demand with { AutoConverge = true }), "-AutoConverge slows the VM down."),
        new("LM095", Pass, facts => PostCopy(Limited(facts, "10MiB/s")), "With post-copy the migration completes"),
        new("LM095", Unknown, facts => facts.Domain(domain => domain with { DirtyRate = Had<Bandwidth?>(null) }), "run Measure-DirtyRate rec."),
        new("LM095", Unknown, facts => NoLinks(facts), "Neither host reports a link speed"),
        new("LM095", Skipped, facts => facts.Demand(demand => demand with { Offline = true }), "The VM writes no memory"),
        new("LM096", Pass, facts => Limited(facts, "50MiB/s", "10min"), "at 50 MiB/s takes "),
        new("LM096", Warning, facts => Limited(facts, "50MiB/s", "1s"), "and -Timeout is 1 s. | Start-VMLiveMigration rec -Destination b -Timeout "),
        new("LM096", Pass, facts => Limited(Idle(facts), "50MiB/s", "10min"), "takes at least 41 s"),
        new("LM096", Unknown, facts => Limited(facts, "50MiB/s", "10min").State(state => state with { Memory = null }), "does not report the memory"),
        new("LM096", Skipped, facts => Limited(facts, "10MiB/s", "1s"), "see LM095"),
        new("LM096", Unknown, facts => NoLinks(facts).Demand(demand => demand with { Timeout = Duration.Parse("1s") }), "Neither host reports a link speed"),
        new("LM097", Pass, facts => facts, "no channel"),
        new("LM097", Pass, facts => facts.Device("<channel><target name='org.qemu.guest_agent.0' state='connected'/></channel>"), "The guest agent is connected"),
    ]);

    private static ReadinessFacts Other(ReadinessFacts facts, string disk)
    {
        var other = facts.Xml(xml => xml.Descendants("disk").Remove()).Device(disk);
        return other.Fit(fit => fit with { Disks = Had(GivenReadiness.Disks(other.State, other.Xml, "dir")) });
    }

    /// <summary>In a folder of each host's own, as a marker has shown.</summary>
    private static ReadinessFacts Local(ReadinessFacts facts) => facts
        .Fit(fit => fit with { Disks = Had(GivenReadiness.Disks(facts.State, facts.Xml, "dir")) })
        .Disks(disk => disk with { MarkerSeen = false });

    private static ReadinessFacts CopyNone(ReadinessFacts facts) => facts
        .Disks(disk => new DiskFacts { Disk = disk.Disk })
        .Demand(demand => demand with { Storage = new() { Copy = CopyStorage.None } });

    private static ReadinessFacts None(ReadinessFacts facts) => facts.Demand(demand => demand with { Storage = new() { Copy = CopyStorage.None } });

    private static ReadinessFacts Full(ReadinessFacts facts) =>
        facts.Disks(disk => disk with { DestinationPool = disk.DestinationPool! with { Available = 1 } });

    private static ReadinessFacts Exists(ReadinessFacts facts, long size) => facts
        .Disks(disk => disk with { DestinationVolume = Image(Disk) with { Capacity = size } })
        .Demand(demand => demand with { Storage = new() { Copy = CopyStorage.Full } });

    private static ReadinessFacts Overlay(ReadinessFacts facts, bool same) => Local(facts).Disks(disk => disk with
    {
        SourceChain = [Image(Disk) with { Backing = new("/base.qcow2", "qcow2") }, Image("/base.qcow2")],
        Base = new(same, true, same ? "found" : "differs"),
    });

    /// <summary>A disk over another file, which is there or not.</summary>
    private static ReadinessFacts Layer(ReadinessFacts facts, bool there) => facts
        .Xml(xml => xml.Descendants("disk").First().Add(XElement.Parse("<backingStore type='file'><source file='/var/lib/libvirt/shared/base.qcow2'/></backingStore>")))
        .Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool> { [Disk] = true, ["/var/lib/libvirt/shared/base.qcow2"] = there }) });

    private static ReadinessFacts Seen(ReadinessFacts facts, bool there) =>
        facts.Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool> { [Disk] = there }) });

    private static ReadinessFacts Pool(ReadinessFacts facts, string type) => facts.Destination(host => host with
    {
        Pools = Had<IReadOnlyList<HostPool>>([new(new("shared", type, "/var/lib/libvirt/shared"), false, true)]),
    });

    private static ReadinessFacts Ancient(ReadinessFacts facts) => facts.Source(host => host.Info(info => info with { HypervisorVersion = new(2, 0) }));

    private static ReadinessFacts Limited(ReadinessFacts facts, string bandwidth, string? timeout = null) => facts.Demand(demand => demand with
    {
        Bandwidth = Bandwidth.Parse(bandwidth),
        Timeout = timeout is null ? null : Duration.Parse(timeout),
    });

    /// <summary>Measured, and seen to write nothing.</summary>
    private static ReadinessFacts Idle(ReadinessFacts facts) =>
        facts.Domain(domain => domain with { DirtyRate = Had(DomainGathering.Rate(new DirtyRateStatistics(IsMeasured: true, MebibytesPerSecond: 0, PerVCpu: []))) });

    private static ReadinessFacts NoLinks(ReadinessFacts facts) => facts.Source(NoLinks).Destination(NoLinks);

    private static HostSnapshot NoLinks(HostSnapshot host) => host with { Links = Had<IReadOnlyList<HostLink>>([]) };

    private static ReadinessFacts PostCopy(ReadinessFacts facts) => facts.Demand(demand => demand with { PostCopy = true });

    private static ReadinessFacts Kvm(ReadinessFacts facts) => facts.Xml(xml => xml.SetAttributeValue("type", "kvm"));

    private static ReadinessFacts Rdma(ReadinessFacts facts) => facts.Demand(demand => demand with { MigrationUri = "rdma://b" });
}
