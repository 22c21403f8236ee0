using System.Globalization;
using System.Net;
using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Security.Certificates;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Readiness;

/// <summary>A VM that is ready to go from a to b, by facts that a lab host wrote; and ways to spoil it.</summary>
internal static class GivenReadiness
{
    private const string Disk = "/var/lib/libvirt/shared/rec-vda.qcow2";

    public static ReadinessFacts Ready => Made.Value;

    private static readonly Lazy<ReadinessFacts> Made = new(Make);

    /// <summary>All facts failed, or are never told.</summary>
    public static ReadinessFacts Nothing(bool untold = false) => Ready with
    {
        Source = Blank(Ready.Source.Host, untold),
        Destination = Blank(Ready.Destination.Host, untold),
        Domain = new DomainSnapshot
        {
            State = Not<LibvirtDomain>(untold),
            Xml = Not<XElement>(untold),
            LiveXml = Not<XElement>(untold),
            InactiveXml = Not<XElement?>(untold),
            Job = Not<JobStatistics>(untold),
            LastJob = Not<JobStatistics>(untold),
            RunTime = Not<TimeSpan?>(untold),
            BlockJobs = Not<IReadOnlyList<string>>(untold),
            Snapshots = Not<int>(untold),
            Checkpoints = Not<IReadOnlyList<string>>(untold),
            ManagedSave = Not<bool>(untold),
            Taints = Not<IReadOnlyList<string>>(untold),
            DirtyRate = Not<Bandwidth?>(untold),
            Monitor = Not<MonitorAnswers>(untold),
        },
        Fit = new FitSnapshot
        {
            TargetXml = Not<XElement>(untold),
            Machine = Not<MachineAnswer>(untold),
            CpuRefusal = Not<string?>(untold),
            HugePages = Not<IReadOnlyDictionary<uint, ulong[]>>(untold),
            Disks = Not<IReadOnlyList<DiskFacts>>(untold),
            Paths = Not<IReadOnlyDictionary<string, bool>>(untold),
            Earlier = Not<EarlierState?>(untold),
            Files = Not<IReadOnlyDictionary<string, bool>>(untold),
            States = Not<DeviceStates>(untold),
            NameAddresses = Not<IReadOnlyList<IPAddress>>(untold),
            Daemon = Not<TcpProbe>(untold),
            MigrationPorts = Not<IReadOnlyList<TcpProbe>>(untold),
            StorageServers = Not<IReadOnlyList<TcpProbe>>(untold),
            Certificate = Not<CertificateReport>(untold),
        },
    };

    public static Fact<T> Had<T>(T value) => Fact<T>.Had(value);

    /// <summary>The same with another domain.</summary>
    public static ReadinessFacts State(this ReadinessFacts facts, Func<LibvirtDomain, LibvirtDomain> change) =>
        facts with { Domain = facts.Domain with { State = Had(change(facts.State)) } };

    public static ReadinessFacts Source(this ReadinessFacts facts, Func<HostSnapshot, HostSnapshot> change) => facts with { Source = change(facts.Source) };

    public static ReadinessFacts Destination(this ReadinessFacts facts, Func<HostSnapshot, HostSnapshot> change) =>
        facts with { Destination = change(facts.Destination) };

    public static ReadinessFacts Domain(this ReadinessFacts facts, Func<DomainSnapshot, DomainSnapshot> change) => facts with { Domain = change(facts.Domain) };

    public static ReadinessFacts Fit(this ReadinessFacts facts, Func<FitSnapshot, FitSnapshot> change) => facts with { Fit = change(facts.Fit) };

    public static ReadinessFacts Demand(this ReadinessFacts facts, Func<MigrationDemand, MigrationDemand> change) => facts with { Demand = change(facts.Demand) };

    public static HostSnapshot Info(this HostSnapshot host, Func<HostInfo, HostInfo> change) => host with { Info = Had(change(host.Info.Value)) };

    public static HostSnapshot Capabilities(this HostSnapshot host, Action<XElement> change) =>
        host with { Capabilities = Had(Changed(host.Capabilities.Value, change)) };

    /// <summary>Another definition, here and there.</summary>
    public static ReadinessFacts Xml(this ReadinessFacts facts, Action<XElement> change)
    {
        var xml = Had(Changed(facts.Xml, change));
        return facts with { Domain = facts.Domain with { Xml = xml, LiveXml = xml }, Fit = facts.Fit with { TargetXml = xml } };
    }

    /// <summary>Another network instead of those that the destination has.</summary>
    public static ReadinessFacts Network(this ReadinessFacts facts, string xml, string name = "virtual") =>
        facts.Destination(host => host with { Networks = Had<IReadOnlyList<NetworkState>>([new(name, true, true, xml)]) });

    /// <summary>The destination's machine, as a shell there tells.</summary>
    public static ReadinessFacts Machine(this ReadinessFacts facts, Func<MachineLook, MachineLook> change) =>
        facts.Destination(host => host with { Machine = Had(change(host.Machine.Value)) });

    /// <summary>One device more.</summary>
    public static ReadinessFacts Device(this ReadinessFacts facts, string device) =>
        facts.Xml(xml => xml.Element("devices")!.Add(XElement.Parse(device)));

    /// <summary>One element more.</summary>
    public static ReadinessFacts Element(this ReadinessFacts facts, string element) => facts.Xml(xml => xml.Add(XElement.Parse(element)));

    private static XElement Changed(XElement xml, Action<XElement> change)
    {
        var copy = new XElement(xml);
        change(copy);
        return copy;
    }

    private static ReadinessFacts Make()
    {
        var xml = Recorded.Xml("domain-migratable.xml");
        xml.Descendants("disk").Skip(1).Remove();
        // With which the lab's guests get by with little memory.
        xml.Elements(XName.Get("commandline", "http://libvirt.org/schemas/domain/qemu/1.0")).Remove();
        var domain = Given.Domain() with { Name = "rec", MaxMemory = ByteSize.Parse("4GiB") };
        return new ReadinessFacts
        {
            Name = domain.Name,
            Uuid = domain.Uuid,
            Source = Host("a") with { Domains = Had<IReadOnlyList<LibvirtDomain>>([domain]) },
            Destination = Host("b"),
            Domain = new DomainSnapshot
            {
                State = Had(domain),
                Xml = Had(xml),
                LiveXml = Had(xml),
                InactiveXml = Had<XElement?>(xml),
                Job = Had(new JobStatistics { Type = JobType.None }),
                LastJob = Had(new JobStatistics { Type = JobType.None }),
                RunTime = Had<TimeSpan?>(TimeSpan.Zero),
                BlockJobs = Had<IReadOnlyList<string>>([]),
                Snapshots = Had(0),
                Checkpoints = Had<IReadOnlyList<string>>([]),
                ManagedSave = Had(false),
                Taints = Had<IReadOnlyList<string>>([]),
                DirtyRate = Had<Bandwidth?>(Bandwidth.Parse("20MiB/s")),
                Monitor = Had(new MonitorAnswers(new Version(7, 2, 22), [], ["xbzrle", "postcopy-ram"])),
            },
            Fit = new FitSnapshot
            {
                TargetXml = Had(xml),
                Machine = Had(new MachineAnswer(Recorded.Xml("domain-capabilities.xml"), null)),
                CpuRefusal = Had<string?>(null),
                HugePages = Had<IReadOnlyDictionary<uint, ulong[]>>(new Dictionary<uint, ulong[]>()),
                Disks = Had(Disks(domain, xml, "netfs", "nfs1:/export")),
                Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool> { [Disk] = true }),
                Earlier = Had<EarlierState?>(null),
                Files = Had<IReadOnlyDictionary<string, bool>>(NamedPaths.Files(xml).Concat(NamedPaths.Folders(xml)).ToDictionary(path => path, _ => true)),
                States = Had(DeviceStates.None),
                NameAddresses = Had<IReadOnlyList<IPAddress>>([IPAddress.Parse("10.0.0.12")]),
                Daemon = Had(new TcpProbe("b", 16509, ProbeAnswer.Open)),
                MigrationPorts = Had<IReadOnlyList<TcpProbe>>([new TcpProbe("b", 49152, ProbeAnswer.Refused)]),
                StorageServers = Had<IReadOnlyList<TcpProbe>>([]),
                Certificate = Had(new CertificateReport { Target = "b:16514", Names = ["b"], NotAfter = DateTimeOffset.Parse("2030-01-02", CultureInfo.InvariantCulture) }),
            },
            Demand = new MigrationDemand { PeerUri = "qemu+tcp://b/system" },
        };
    }

    /// <summary>All that QEMU wants to have in that folder.</summary>
    public static IEnumerable<string> Certificates(string folder) => CertificateNames.Select(name => $"{folder}/{name}");

    private static readonly string[] CertificateNames = ["ca-cert.pem", "client-cert.pem", "client-key.pem", "server-cert.pem", "server-key.pem"];

    /// <summary>The disks of a definition, in a pool of that type on both hosts.</summary>
    /// <summary>Both hosts understand the same by the name.</summary>
    private static readonly HostServers Asked = HostServers.Parse("name 10.9.0.1 san");

    public static IReadOnlyList<DiskFacts> Disks(LibvirtDomain domain, XElement xml, string type, string? origin = null)
    {
        var pool = new PoolFacts(new StoragePool("shared", type, "/var/lib/libvirt/shared"), true, origin, ByteSize.Parse("1TiB").Bytes);
        return
        [
            .. DiskReader.ReadAll(domain, xml, [pool.Pool]).Select(disk => !StorageFacts.IsOnHost(disk) ? new DiskFacts { Disk = disk, ServersHere = Asked, ServersThere = Asked } : new DiskFacts
            {
                Disk = disk with { Capacity = ByteSize.Parse("64MiB") },
                SourcePool = pool,
                SourceChain = [Image(disk.Source!)],
                DestinationPath = disk.Source,
                DestinationPool = pool,
            }),
        ];
    }

    public static Volume Image(string path) =>
        new("shared", path[(path.LastIndexOf('/') + 1)..], path, "qcow2", 64 << 20, 8 << 20, 8 << 20, null, null);

    /// <summary>The disks as they are, changed.</summary>
    public static ReadinessFacts Disks(this ReadinessFacts facts, Func<DiskFacts, DiskFacts> change) =>
        facts.Fit(fit => fit with { Disks = Had<IReadOnlyList<DiskFacts>>([.. fit.Disks.Value.Select(change)]) });

    private static HostSnapshot Host(string name) => new()
    {
        Host = Given.Host(name, name == "a" ? "qemu:///system" : "qemu+tcp://b/system"),
        Info = Had(Given.Info(name)),
        Maintenance = Had<HostMaintenance?>(null),
        Capabilities = Had(Recorded.Xml("host-capabilities.xml")),
        KeepAlive = Had(true),
        MemoryAvailable = Had(ByteSize.Parse("16GiB").Bytes),
        Domains = Had<IReadOnlyList<LibvirtDomain>>([]),
        Networks = Had<IReadOnlyList<NetworkState>>([new NetworkState("virtual", true, true, "<network><forward mode='bridge'/><bridge name='virtual'/></network>")]),
        Pools = Had<IReadOnlyList<HostPool>>([new HostPool(new StoragePool("shared", "netfs", "/var/lib/libvirt/shared"), true, true)]),
        Interfaces = Had<IReadOnlyList<string>>(["eth0", "lo", "virtual"]),
        Links = Had<IReadOnlyList<HostLink>>([new HostLink("eth0", 10_000, true), new HostLink("lo", null, false)]),
        Filters = Had<IReadOnlyList<string>>(["clean-traffic"]),
        Secrets = Had<IReadOnlyList<SecretName>>([new SecretName("5a7e1a1c-0000-4000-8000-000000000001", "ceph")]),
        CpuBusy = Had(12.0),
        QemuConfiguration = Had<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>()),
        CertificateFiles = Had<IReadOnlyList<string>>([.. Certificates("/etc/pki/qemu")]),
        Clock = Had(TimeSpan.Zero),
        Machine = Had(new MachineLook(
            [new("eth0", IsBridge: false), new("lo", IsBridge: false), new("virtual", IsBridge: true, FiltersVlans: false)],
            [IPAddress.Loopback, IPAddress.Parse(name == "a" ? "10.0.0.11" : "10.0.0.12")],
            [new(IPAddress.Any, 22)], new(0, 7, 1), "ext2/ext3")),
    };

    private static HostSnapshot Blank(LibvirtHost host, bool untold) => new()
    {
        Host = host,
        Info = Not<HostInfo>(untold),
        Maintenance = Not<HostMaintenance?>(untold),
        Capabilities = Not<XElement>(untold),
        KeepAlive = Not<bool>(untold),
        MemoryAvailable = Not<long>(untold),
        Domains = Not<IReadOnlyList<LibvirtDomain>>(untold),
        Networks = Not<IReadOnlyList<NetworkState>>(untold),
        Pools = Not<IReadOnlyList<HostPool>>(untold),
        Interfaces = Not<IReadOnlyList<string>>(untold),
        Links = Not<IReadOnlyList<HostLink>>(untold),
        Filters = Not<IReadOnlyList<string>>(untold),
        Secrets = Not<IReadOnlyList<SecretName>>(untold),
        CpuBusy = Not<double>(untold),
        QemuConfiguration = Not<IReadOnlyDictionary<string, string>>(untold),
        CertificateFiles = Not<IReadOnlyList<string>>(untold),
        Clock = Not<TimeSpan>(untold),
        Machine = Not<MachineLook>(untold),
    };

    private static Fact<T> Not<T>(bool untold) => untold ? Fact<T>.Untold("Nobody tells.") : Fact<T>.Failed("No answer came.");
}
