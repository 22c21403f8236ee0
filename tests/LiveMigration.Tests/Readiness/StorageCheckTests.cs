using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class StorageCheckTests
{
    private const string Disk = "/var/lib/libvirt/shared/rec-vda.qcow2";

    [Fact]
    public void S2_disks() => CheckTable.Holds(
    [
        new("LM078", Pass, facts => facts, "vda: Pool 'shared' is of type netfs"),
        new("LM078", Pass, facts => Other(facts, "<disk type='network'><source protocol='nbd'/><target dev='vda'/></disk>"), "over the network"),
        new("LM078", Pass, facts => Other(facts, "<disk type='block'><source dev='/dev/sdx'/><target dev='vda'/></disk>"), "LM080 tells"),
        new("LM078", Fail, facts => Other(facts, "<disk type='nvme'><source/><target dev='vda'/></disk>"), "vda: It is a PCI device"),
        new("LM078", Fail, facts => Seen(Local(facts), false), $"{Disk} is on a alone"),
        new("LM078", Unknown, facts => Local(facts), "libvirt looks when it starts"),
        new("LM078", Warning, facts => Local(facts).Demand(demand => demand with { AllowUnsafe = true }), "-AllowUnsafe switches"),
        new("LM078", Pass, facts => Other(facts, "<disk type='file'><source file='/x.iso'/><readonly/><target dev='sda'/></disk>"), "The VM has none."),
        new("LM078", Skipped, facts => facts.Demand(demand => demand with { Offline = true }), ""),
        new("LM079", Fail, facts => Ancient(Other(facts, "<disk type='file'><driver cache='writeback'/><source file='/x'/><target dev='vda'/></disk>")), "vda: cache='writeback', and QEMU 2.0"),
        new("LM079", Pass, facts => Other(facts, "<disk type='file'><source file='/x'/><target dev='vda'/></disk>"), "drops what the host cached"),
        new("LM079", Pass, facts => Ancient(facts), "They bypass"),
        new("LM080", Fail, facts => Seen(facts, false), $"b has no {Disk}. | Start-VMLiveMigration rec -Destination b -DiskMap @{{ vda = 'PATH' }}"),
        new("LM080", Unknown, facts => facts.Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>()) }), "No active storage pool of b holds"),
        new("LM081", Fail, facts => Pool(facts, "netfs"), "is not active on b. | virsh -c qemu+tcp://b/system pool-start shared"),
        new("LM081", Warning, facts => Pool(facts, "dir"), "is not active on b."),
        new("LM081", Fail, facts => facts.Device("<disk type='volume'><source pool='gold' volume='v'/></disk>"), "b has no pool 'gold'."),
        new("LM086", Fail, facts => facts.Device("<disk type='file'><source file='/x'/><transient/><target dev='vdb'/></disk>"), "vdb: What a transient disk took"),
        new("LM086", Fail, facts => Seen(facts.Device($"<disk type='file' device='cdrom'><source file='{Disk}'/><readonly/><target dev='sda'/></disk>"), false), "sda: b has no"),
        new("LM086", Pass, facts => facts.Device($"<disk type='file' device='cdrom'><source file='{Disk}'/><readonly/><target dev='sda'/></disk>"), "sda: b has"),
        new("LM086", Unknown, facts => facts.Device("<disk type='file' device='cdrom'><source file='/mnt/x.iso'/><readonly/><target dev='sda'/></disk>"), "No active storage pool"),
    ]);

    [Fact]
    public void R1_what_is_asked_for() => CheckTable.Holds(
    [
        new("LM089", Fail, facts => facts.Demand(demand => demand with { Compression = "zstd", Parallel = 2 }), "-Compression needs libvirt 9.4.0, and b has 9.0.0."),
        new("LM089", Pass, facts => facts.Demand(demand => demand with { Parallel = 2 }), "-Parallel needs libvirt 5.2.0"),
        new("LM089", Fail, facts => facts.Demand(demand => demand with { Compression = "mt" }).Destination(host => host.Info(info => info with { HypervisorVersion = new(10, 0) })), "-Compression Mt is gone from QEMU 9.1.0, and b has 10.0."),
        new("LM089", Fail, facts => facts.Demand(demand => demand with { ZeroCopy = true }), "built without zero-copy-send"),
        new("LM090", Fail, facts => facts.Demand(demand => demand with { PostCopy = true, Parallel = 4 }), "needs QEMU 10.1.0 on both hosts"),
        new("LM091", Pass, facts => PostCopy(facts), "ordinary memory"),
        new("LM091", Warning, facts => PostCopy(facts).Device("<hostdev type='pci'/>"), "writes to memory that is not there yet"),
        new("LM091", Warning, facts => PostCopy(facts).Element("<memoryBacking><source type='file'/></memoryBacking>"), "userfaultfd"),
        new("LM092", Warning, facts => facts.Demand(demand => demand with { ZeroCopy = true }), "no memtune/hard_limit"),
        new("LM092", Pass, facts => facts.Demand(demand => demand with { ZeroCopy = true }).Element("<memtune><hard_limit>9</hard_limit></memtune>"), "is 9 KiB"),
        new("LM093", Fail, facts => Rdma(facts), "virsh -c qemu:///system memtune rec --hard-limit 8388608"),
        new("LM093", Pass, facts => Rdma(facts).Element("<memtune><hard_limit>9</hard_limit></memtune>"), "is 9 KiB"),
        new("LM097", Pass, facts => facts, "no channel"),
        new("LM097", Pass, facts => facts.Device("<channel><target name='org.qemu.guest_agent.0' state='connected'/></channel>"), "It is connected"),
    ]);

    private static ReadinessFacts Other(ReadinessFacts facts, string disk) => facts.Xml(xml => xml.Descendants("disk").Remove()).Device(disk);

    private static ReadinessFacts Local(ReadinessFacts facts) => facts.Source(host => host with
    {
        Pools = Had<IReadOnlyList<HostPool>>([new(new("shared", "dir", "/var/lib/libvirt/shared"), true, true)]),
    });

    private static ReadinessFacts Seen(ReadinessFacts facts, bool there) =>
        facts.Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool> { [Disk] = there }) });

    private static ReadinessFacts Pool(ReadinessFacts facts, string type) => facts.Destination(host => host with
    {
        Pools = Had<IReadOnlyList<HostPool>>([new(new("shared", type, "/var/lib/libvirt/shared"), false, true)]),
    });

    private static ReadinessFacts Ancient(ReadinessFacts facts) => facts.Source(host => host.Info(info => info with { HypervisorVersion = new(2, 0) }));

    private static ReadinessFacts PostCopy(ReadinessFacts facts) => facts.Demand(demand => demand with { PostCopy = true });

    private static ReadinessFacts Rdma(ReadinessFacts facts) => facts.Demand(demand => demand with { MigrationUri = "rdma://b" });
}
