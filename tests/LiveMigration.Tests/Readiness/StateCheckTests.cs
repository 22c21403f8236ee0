using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Interop.Qmp;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class StateCheckTests
{
    private static readonly MigrationDemand Offline = new() { Offline = true };

    [Fact]
    public void R1_the_VMs_state() => CheckTable.Holds(
    [
        new("LM029", Fail, facts => Is(facts, Given.ShutOff), "The VM is ShutOff (shutdown). | virsh -c qemu:///system start rec"),
        new("LM029", Fail, facts => Is(facts, new(DomainState.PmSuspended, 0)), "dompmwakeup rec"),
        new("LM029", Fail, facts => Is(facts, new(DomainState.Crashed, 1)), "The VM is Crashed (panicked)."),
        new("LM029", Pass, facts => Is(facts, new(DomainState.Paused, 1)), "The VM is Paused (user)."),
        new("LM029", Fail, facts => facts with { Demand = Offline }, "-Offline is for a VM that is shut off. | virsh -c qemu:///system shutdown rec"),
        new("LM029", Pass, facts => Is(facts, Given.ShutOff) with { Demand = Offline }, "The VM is ShutOff"),
        new("LM030", Pass, facts => facts.Demand(demand => demand with { PostCopy = true }), "The VM is Running"),
        new("LM030", Fail, facts => Is(facts, new(DomainState.Paused, 1)).Demand(demand => demand with { PostCopy = true }), "virsh -c qemu:///system resume rec"),
        new("LM031", Fail, facts => Is(facts, new(DomainState.Paused, 5)), "The VM is Paused (I/O error)"),
        new("LM031", Pass, facts => Is(facts, new(DomainState.Paused, 1)), "The VM is Paused (user)"),
        new("LM032", Fail, facts => Job(facts, JobOperation.MigrationOut), "The VM is already being migrated: wait for that migration, or stop it. | Stop-VMLiveMigration rec"),
        new("LM032", Fail, facts => Job(facts, JobOperation.Unknown), "A job is running"),
        new("LM033", Fail, facts => facts.Domain(domain => domain with { BlockJobs = Had<IReadOnlyList<string>>(["vda"]) }), "vda: A copy, commit or backup is running. | virsh -c qemu:///system blockjob rec vda --abort"),
        new("LM034", Fail, facts => facts.Domain(domain => domain with { Snapshots = Had(2) }), "The VM has snapshots (2)"),
        new("LM035", Warning, facts => facts.Domain(domain => domain with { Checkpoints = Had<IReadOnlyList<string>>(["mon", "tue"]) }), "The VM has mon, tue: libvirt does not migrate checkpoints, so the next backup is a full one. Their bitmaps stay in the disks: saved before, each is had again on b with 'virsh checkpoint-create rec FILE --redefine', the oldest first. | virsh -c qemu:///system checkpoint-dumpxml rec mon > rec-mon.xml; virsh -c qemu:///system checkpoint-delete rec mon --metadata; virsh -c qemu:///system checkpoint-dumpxml rec tue"),
        new("LM037", Warning, facts => facts.State(state => state with { Persistent = false }).Demand(demand => demand with { KeepSource = true }), "no definition to keep"),
        new("LM037", Pass, facts => facts.State(state => state with { Persistent = false }), "The VM is transient"),
        new("LM038", Warning, facts => Pending(facts, xml => xml.Element("vcpu")!.Value = "3"), "Changes pending until the next start: vCPUs."),
        new("LM038", Warning, facts => Pending(facts, xml => xml.Descendants("disk").Remove()), "disks"),
        new("LM039", Warning, facts => Autostart(facts).Destination(host => host with { Networks = Had<IReadOnlyList<NetworkState>>([new("virtual", true, false, "<network/>")]) }), "Network 'virtual' does not start automatically. | virsh -c qemu+tcp://b/system net-autostart virtual"),
        new("LM039", Warning, facts => Autostart(facts).Destination(host => host with { Pools = Had<IReadOnlyList<HostPool>>([new(new("shared", "dir", "/var/lib/libvirt/shared"), true, false)]) }), "pool-autostart shared"),
        new("LM039", Pass, Autostart, "The VM's networks and storage pools start automatically."),
        new("LM040", Warning, facts => facts.Domain(domain => domain with { ManagedSave = Had(true) }), "managedsave-remove rec"),
        new("LM041", Warning, facts => facts.Domain(domain => domain with { Taints = Had<IReadOnlyList<string>>(["tainted: custom monitor"]) }), "tainted: custom monitor"),
        new("LM042", Fail, facts => facts.Domain(domain => domain with { Monitor = Had(new MonitorAnswers(new(7, 2, 22), ["virgl is not yet migratable"], [])) }), "virgl is not yet migratable"),
        new("LM110", Fail, facts => Left(facts).Demand(demand => demand with { Storage = new() { Copy = CopyStorage.Full } }), "QEMU has block job 'drive-virtio-disk0', node 'migration-vda-storage', of which libvirt does not know. | Test-MigrationReadiness rec -HostName a -Check LM110 -AllowMonitor | Repair-MigrationReadiness"),
        new("LM110", Warning, Left, "QEMU has block job"),
        new("LM110", Skipped, facts => Left(facts).Domain(domain => domain with { BlockJobs = Had<IReadOnlyList<string>>(["vda"]) }), "A job is running"),
        new("LM112", Pass, facts => facts, "b is not in maintenance."),
        new("LM112", Fail, facts => Maintained(facts, HostMaintenanceState.InMaintenance), "b is in maintenance: InMaintenance since 2026-11-29 10:00 by root@admin (fan). | Exit-HostMaintenance b"),
        new("LM112", Pass, facts => Maintained(facts, HostMaintenanceState.Leaving), "b is leaving maintenance"),
        new("LM112", Unknown, facts => facts.Destination(host => host with { Maintenance = Fact<HostMaintenance?>.Failed("b: access denied.") }), "b: access denied."),
        new("LM043", Warning, facts => facts.Domain(domain => domain with { Monitor = Had(new MonitorAnswers(new(7, 0), [], [])) }), "The VM runs on 7.0, but 7.2.22 is installed on a."),
    ]);

    private static ReadinessFacts Maintained(ReadinessFacts facts, HostMaintenanceState state) => facts.Destination(host => host with
    {
        Maintenance = Had<HostMaintenance?>(new HostMaintenance { HostName = "b", State = state, Since = new DateTime(2026, 11, 29, 10, 0, 0, DateTimeKind.Local), By = "root@admin", Reason = "fan" }),
    });

    [Fact]
    public void R1_room_on_the_destination() => CheckTable.Holds(
    [
        new("LM044", Fail, facts => There(facts, Given.Domain() with { Name = "rec", Uuid = Guid.NewGuid() }), "The destination has another domain named 'rec'"),
        new("LM044", Fail, facts => There(facts, Given.Domain() with { Name = "rec" }), "The VM already exists on the destination and is Running"),
        new("LM044", Fail, facts => There(facts, Given.Domain(Given.ShutOff) with { Name = "old" }), "under the name 'old'. | virsh -c qemu+tcp://b/system undefine old"),
        new("LM044", Pass, facts => There(facts, Given.Domain(Given.ShutOff) with { Name = "rec" }), "is replaced"),
        new("LM044", Pass, facts => There(facts, Given.Domain() with { Name = "rec", Uuid = Guid.NewGuid() }).Demand(demand => demand with { NewName = "rec2" }), "b has no domain with this name or UUID"),
        new("LM045", Fail, facts => There(facts, Given.Domain(new(DomainState.Paused, 2)) with { Name = "rec" }), "the destination's copy never ran. | virsh -c qemu+tcp://b/system destroy rec"),
        new("LM045", Fail, facts => Is(There(facts, Given.Domain(new(DomainState.Running, 11)) with { Name = "rec" }), new(DomainState.Paused, 13)), "Resume-VMLiveMigration rec -Destination b"),
        new("LM046", Fail, facts => facts.Destination(host => host with { MemoryAvailable = Had(ByteSize.Parse("1GiB").Bytes) }), "The VM may use 4 GiB; b has 1 GiB available. | Start-VMLiveMigration rec -Destination b -AllowMemoryOvercommit"),
        new("LM046", Fail, facts => facts with { Thresholds = new() { MemoryReserve = ByteSize.Parse("13GiB") } }, "of which 13 GiB is reserved"),
        new("LM046", Warning, facts => facts.Destination(host => host with { MemoryAvailable = Had(1L) }).Demand(demand => demand with { AllowMemoryOvercommit = true }), "may use"),
        new("LM046", Skipped, facts => facts with { Demand = Offline }, ""),
        new("LM046", Skipped, HugePages, "see LM047"),
        new("LM047", Fail, facts => Pages(facts, 100), "b has 200 MiB free in pages of 2 MiB, and the VM needs 4 GiB. | virsh -c qemu+tcp://b/system allocpages --add 2048 1949"),
        new("LM047", Pass, facts => Pages(facts, 2048), "b has 4 GiB free"),
        new("LM047", Unknown, HugePages, "does not specify the size"),
        new("LM048", Unknown, facts => facts.State(state => state with { VCpus = null }), "does not report the virtual CPUs"),
        new("LM046", Unknown, facts => facts.State(state => state with { MaxMemory = null }), "does not report the memory"),
        new("LM048", Warning, facts => facts.State(state => state with { VCpus = 3 }), "b has 2 CPUs; its VMs have 0 vCPUs, and this one has 3. A lower number takes effect the next time the VM starts. | virsh -c qemu:///system setvcpus rec 2 --config; virsh -c qemu:///system setvcpus rec 2 --config --maximum"),
        new("LM049", Pass, facts => facts, "b: The CPUs of b are 12 % busy."),
        new("LM049", Warning, facts => facts.Source(host => host with { CpuBusy = Had(97.2) }), "a: The CPUs of a are 97 % busy; the limit is 90 %."),
        new("LM049", Unknown, facts => facts.Source(host => host with { CpuBusy = Fact<double>.Untold("a: the driver does not tell.") }), "a: the driver does not tell."),
        new("LM053", Skipped, facts => facts, "The policy has no affinity or anti-affinity group"),
        new("LM053", Warning, facts => There(Wanted(facts), Given.Domain() with { Name = "rest", Uuid = Guid.NewGuid() }), "re*: rest is on b, of a group that must not share a host."),
        new("LM053", Warning, facts => Wanted(facts).Source(host => host with { Domains = Had<IReadOnlyList<LibvirtDomain>>([facts.State, Given.Domain() with { Name = "red", Uuid = Guid.NewGuid() }]) }), "r*: red is still on a, of a group that must stay together."),
        new("LM053", Pass, Wanted, "re*: No other VM is on b"),
        new("LM053", Unknown, facts => Wanted(facts).Destination(host => host with { Domains = Fact<IReadOnlyList<LibvirtDomain>>.Failed("b: no route.") }), "b: no route."),
        new("LM048", Warning, facts => There(facts, Given.Domain() with { Uuid = Guid.NewGuid(), VCpus = 7 }), "have 7 vCPUs"),
        new("LM050", Fail, facts => facts.Device("<memory model='dimm'/>"), "has 1 memory modules but only 0 slots"),
        new("LM050", Fail, facts => Slots(facts).Device("<memory model='dimm'/>"), "module 0: The definition for b does not specify its slot and base address"),
        new("LM050", Pass, facts => Slots(facts).Device("<memory model='dimm'><address type='dimm' slot='0' base='0x100000000'/></memory>"), "Slot 0, base 0x100000000."),
        new("LM051", Pass, facts => Backed(facts, "memfd"), "b supports memfd."),
        new("LM051", Fail, facts => Backed(facts, "optane"), "b supports file, anonymous, memfd, not optane."),
        new("LM051", Skipped, facts => Backed(facts, "memfd").Fit(fit => fit with { Machine = Had(new MachineAnswer(null, "no")) }), "see LM059"),
        new("LM052", Fail, facts => facts.Xml(xml => xml.Element("vcpu")!.Value = "9999"), "The VM has 9999 vCPUs; the maximum is 255."),
        new("LM052", Skipped, facts => facts.Fit(fit => fit with { Machine = Had(new MachineAnswer(null, "no")) }), "see LM059"),
    ]);

    [Fact]
    public void B005_R5_what_the_destination_keeps_of_an_earlier_run() => CheckTable.Holds(
    [
        new("LM101", Pass, facts => facts, "b does not know the VM."),
        new("LM101", Pass, facts => Earlier(facts, new(false, 0, [])), "b has the VM's definition, and nothing else of it."),
        new("LM101", Fail, facts => Earlier(facts, new(true, 0, [])), "saved memory: b has saved memory of the VM (managed save): the next start there would bring it back over disks that have changed since. | virsh -c qemu+tcp://b/system managedsave-remove old"),
        new("LM101", Warning, facts => Earlier(facts, new(false, 2, [])), "snapshots: b lists snapshots of the VM (2)"),
        new("LM101", Warning, facts => Earlier(facts, new(false, 0, ["mon"])), "b lists checkpoints of the VM (mon)"),
        new("LM101", Unknown, facts => facts.Fit(fit => fit with { Earlier = Fact<EarlierState?>.Failed("b: no route.") }), "b: no route."),
    ]);

    [Fact]
    public void B001_B007_faults_of_versions_that_end_a_VM() => CheckTable.Holds(
    [
        new("LM102", Pass, facts => facts, "QEMU 7.2.22 and 7.2.22 have no known fault that affects the VM."),
        new("LM102", Fail, Arrived, "paused since it arrived: QEMU 7.2.22 on a: a VM that arrived paused, and has not run since, ends with an assertion of QEMU at the end of its next migration."),
        new("LM102", Fail, Arrived, "| virsh -c qemu:///system resume rec; sleep 5; virsh -c qemu:///system suspend rec"),
        new("LM102", Pass, facts => Ran(Arrived(facts), TimeSpan.FromSeconds(1)), "no known fault"),
        new("LM102", Pass, facts => Ran(Is(facts, new(DomainState.Paused, 1)), TimeSpan.FromSeconds(1)), "no known fault"),
        new("LM102", Fail, facts => Ran(Arrived(facts), TimeSpan.FromMilliseconds(10)), "paused since it arrived"),
        new("LM102", Fail, facts => Ran(Arrived(facts), null), "paused since it arrived"),
        new("LM102", Pass, facts => Arrived(facts).Source(host => host.Info(info => info with { HypervisorVersion = new(10, 0, 0) })), "QEMU 10.0.0 and 7.2.22"),
        new("LM102", Pass, facts => Arrived(facts).Domain(domain => domain with { Monitor = Had(new MonitorAnswers(new(10, 0, 2), [], [])) }), "QEMU 10.0.2 and"),
        new("LM102", Pass, facts => Is(Arrived(facts), facts.State.Status), "no known fault"),
        new("LM102", Unknown, facts => Is(facts, new(DomainState.Paused, 1)), "libvirt forgets that when its daemon restarts"),
        new("LM102", Pass, facts => IoThread(facts), "no known fault"),
        new("LM102", Fail, facts => IoThread(facts).Source(Qemu(new(8, 2, 2))), "encrypted copy of a disk with an I/O thread: QEMU 8.2.2 on a: copying a disk"),
        new("LM102", Fail, facts => IoThread(facts).Destination(Qemu(new(9, 0, 0))), "QEMU 9.0.0 on b"),
        new("LM102", Pass, facts => IoThread(facts).Source(Qemu(new(8, 2, 5))).Destination(Qemu(new(9, 0, 1))), "no known fault"),
        new("LM102", Pass, facts => IoThread(facts).Source(Qemu(new(8, 2, 2))).Demand(demand => demand with { Tls = LiveMigration.Security.MigrationTls.Off }), "no known fault"),
        new("LM102", Pass, facts => facts.Source(Qemu(new(8, 2, 2))), "no known fault"),
    ]);

    [Fact]
    public void B001_every_fault_has_versions_in_order_and_a_source() => Assert.All(LiveMigration.Readiness.KnownFaults.KnownFaultTable.Rows, fault =>
    {
        Assert.NotEmpty(fault.Versions);
        Assert.All(fault.Versions, range => Assert.True(range.First < range.Fixed));
        Assert.StartsWith("https://", fault.Source, StringComparison.Ordinal);
    });

    /// <summary>Paused, and the last that happened to it is that it came.</summary>
    private static ReadinessFacts Arrived(ReadinessFacts facts) => Is(facts, new(DomainState.Paused, 1))
        .Domain(domain => domain with { LastJob = Had(new JobStatistics { Type = JobType.Completed, Operation = JobOperation.MigrationIn }), Monitor = Fact<MonitorAnswers>.Untold("not asked") });

    private static ReadinessFacts Ran(ReadinessFacts facts, TimeSpan? time) => facts.Domain(domain => domain with { RunTime = Had(time) });

    /// <summary>Its disk is local, and has a thread of its own.</summary>
    private static ReadinessFacts IoThread(ReadinessFacts facts)
    {
        var local = facts.Xml(xml => xml.Descendants("disk").Elements("driver").First().SetAttributeValue("iothread", "1"));
        return local.Fit(fit => fit with { Disks = Had(GivenReadiness.Disks(local.State, local.Xml, "dir")) })
            .Disks(disk => disk with { MarkerSeen = false })
            .Domain(domain => domain with { Monitor = Fact<MonitorAnswers>.Untold("not asked") });
    }

    private static Func<HostSnapshot, HostSnapshot> Qemu(Version version) => host => host.Info(info => info with { HypervisorVersion = version });

    private static ReadinessFacts Earlier(ReadinessFacts facts, EarlierState earlier) =>
        There(facts, Given.Domain(Given.ShutOff) with { Name = "old" }).Fit(fit => fit with { Earlier = Had<EarlierState?>(earlier) });

    private static ReadinessFacts Slots(ReadinessFacts facts) => facts.Element("<maxMemory slots='2'>8</maxMemory>");

    private static ReadinessFacts Backed(ReadinessFacts facts, string type) => facts.Element($"<memoryBacking><source type='{type}'/></memoryBacking>");

    private static ReadinessFacts Is(ReadinessFacts facts, DomainStatus status) => facts.State(state => state with { Status = status });

    private static ReadinessFacts Wanted(ReadinessFacts facts) => facts with
    {
        Placement = new() { Apart = ["re*", "web*"], Together = ["r*"] },
    };

    private static ReadinessFacts There(ReadinessFacts facts, LibvirtDomain domain) =>
        facts.Destination(host => host with { Domains = Had<IReadOnlyList<LibvirtDomain>>([domain]) });

    private static ReadinessFacts Job(ReadinessFacts facts, JobOperation operation) =>
        facts.Domain(domain => domain with { Job = Had(new JobStatistics { Type = JobType.Unbounded, Operation = operation }) });

    private static ReadinessFacts Left(ReadinessFacts facts) => facts.Domain(domain => domain with
    {
        Monitor = Had(new MonitorAnswers(new(7, 2, 22), [], []) { Leftovers = [new(CopyLeftoverKind.Job, "drive-virtio-disk0"), new(CopyLeftoverKind.Node, "migration-vda-storage")] }),
    });

    private static ReadinessFacts Autostart(ReadinessFacts facts) => facts.State(state => state with { Autostart = true });

    private static ReadinessFacts HugePages(ReadinessFacts facts) => facts.Element("<memoryBacking><hugepages/></memoryBacking>");

    private static ReadinessFacts Pages(ReadinessFacts facts, ulong count) => HugePages(facts)
        .Fit(fit => fit with { HugePages = Had<IReadOnlyDictionary<uint, ulong[]>>(new Dictionary<uint, ulong[]> { [2048] = [count] }) });

    private static ReadinessFacts Pending(ReadinessFacts facts, Action<XElement> change)
    {
        var xml = new XElement(facts.Xml);
        change(xml);
        return facts.Domain(domain => domain with { InactiveXml = Had<XElement?>(xml) });
    }
}
