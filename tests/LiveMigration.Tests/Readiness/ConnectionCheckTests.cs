using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class ConnectionCheckTests
{
    private static readonly Version Old = new(1, 2, 3);

    [Fact]
    public void R1_hosts_and_the_way_between_them() => CheckTable.Holds(
    [
        new("LM001", Fail, facts => facts.Source(host => host with { Info = Fact<HostInfo>.Failed("a: no route.") }), "a: no route. | Connect-LibvirtHost qemu:///system"),
        new("LM002", Fail, facts => facts.Destination(host => host with { Info = Fact<HostInfo>.Failed("b: no route.") }), "b: no route. | Connect-LibvirtHost qemu+tcp://b/system"),
        new("LM003", Pass, facts => facts, "b:16509 answers."),
        new("LM003", Warning, facts => facts.Fit(fit => fit with { Daemon = Had(new TcpProbe("b", 16509, ProbeAnswer.Silence)) }), "b:16509 does not answer. | Start-VMLiveMigration rec -Destination b -Mode Direct"),
        new("LM003", Unknown, facts => facts.Source(host => host with { Host = Given.Host("a", "qemu+tcp://a/system") }), "From this client, b:16509 answers; whether a can connect is known only when a migration starts."),
        new("LM003", Skipped, facts => facts.Demand(demand => demand with { Direct = true }), "This client controls"),
        new("LM004", Fail, facts => facts.Destination(host => host.Info(info => info with { Uuid = Given.Info("a").Uuid })), "a and b have the same UUID"),
        new("LM004", Fail, facts => facts with { Destination = facts.Source }, "a is both source and destination."),
        new("LM004", Unknown, facts => facts.Source(Nameless).Destination(Nameless), "The hosts report no UUID."),
        new("LM005", Warning, facts => facts.Destination(host => host.Info(info => info with { LibvirtVersion = Old })), "a has libvirt 9.0.0, b has 1.2.3."),
        new("LM006", Warning, facts => facts.Destination(host => host.Info(info => info with { HypervisorVersion = Old })), "a has QEMU 7.2.22, b has 1.2.3."),
        new("LM007", Fail, facts => facts.Destination(host => host.Info(info => info with { Hypervisor = "Xen" })), "a runs QEMU and b runs Xen."),
        new("LM007", Fail, facts => facts.Xml(xml => xml.SetAttributeValue("type", "kvm")), "and the VM is of type kvm. Does /dev/kvm exist?"),
        new("LM007", Fail, facts => facts.Xml(xml => xml.Element("os")!.Element("type")!.SetAttributeValue("arch", "vax")), "b does not run vax."),
        new("LM008", Fail, facts => facts.Destination(host => host.Info(info => info with { CanMigrateLive = false })), "b: The driver QEMU does not report support for live migration."),
        new("LM008", Skipped, facts => facts.Demand(demand => demand with { Offline = true }), ""),
        new("LM009", Pass, facts => facts.Demand(demand => demand with { MigrationUri = "tcp://b" }), "b supports tcp, rdma."),
        new("LM009", Fail, facts => facts.Demand(demand => demand with { MigrationUri = "xen://b" }), "b supports tcp, rdma, not xen. | Start-VMLiveMigration rec -Destination b -MigrationUri tcp://b"),
        new("LM010", Warning, facts => facts.Destination(host => host with { Domains = Had<IReadOnlyList<LibvirtDomain>>([.. Enumerable.Repeat(Given.Domain() with { Migrating = true }, 12)]) }), "12 migrations are running on b."),
        new("LM012", Warning, facts => facts.Source(host => host with { KeepAlive = Had(false) }), "a does not support keep-alive messages."),
        new("LM013", Warning, facts => facts.Source(host => host with { Host = Given.Host("a", "qemu:///session") }), "a uses /session and b uses /system"),
        new("LM104", Pass, facts => facts, "b: All that were asked answered on b."),
        new("LM104", Warning, facts => facts.Destination(host => host with { MissingDrivers = ["virtstoraged", "virtinterfaced"] }), "b: On b virtstoraged, virtinterfaced do not run: the host has no networks, storage pools, secrets or filters of that kind, and its interfaces may be unknown. | ssh b 'systemctl enable --now virtstoraged.socket virtinterfaced.socket'"),
        new("LM104", Warning, facts => facts.Source(host => host with { MissingDrivers = ["virtnetworkd"] }), "a: On a virtnetworkd does not run"),
        new("LM014", Fail, facts => facts.Destination(Localhost), "The host name of b is localhost"),
        new("LM014", Warning, facts => facts.Destination(host => Localhost(host) with { QemuConfiguration = Fact<IReadOnlyDictionary<string, string>>.Untold("") }), "The host name of b is localhost"),
        new("LM014", Pass, facts => facts.Destination(host => Localhost(host) with { QemuConfiguration = Had(QemuConfiguration.Parse("migration_host = \"b.lab\"\n")) }), "migration_host is b.lab."),
        new("LM014", Skipped, facts => facts.Destination(Localhost).Demand(demand => demand with { MigrationUri = "tcp://b" }), ""),
        new("LM015", Warning, facts => facts.Fit(fit => fit with { MigrationPorts = Had<IReadOnlyList<TcpProbe>>([new("b", 49152, ProbeAnswer.Silence)]) }), "b:49152 does not answer. | ssh b 'firewall-cmd --add-port=49152-49215/tcp || ufw allow 49152:49215/tcp || nft insert rule inet filter input tcp dport 49152-49215 accept'"),
        new("LM016", Warning, facts => facts.Destination(host => host with { Domains = Had<IReadOnlyList<LibvirtDomain>>([.. Enumerable.Repeat(Given.Domain(new(DomainState.Paused, 2)), 64)]) }), "64 VMs are migrating to b"),
        new("LM017", Fail, facts => facts.Demand(demand => demand with { ListenAddress = "10.0.0.1.2 x" }), "is neither an IP address nor a host name"),
        new("LM017", Fail, facts => facts.Demand(demand => demand with { ListenAddress = "127.0.0.1" }), "127.0.0.1 is a loopback address"),
        new("LM017", Pass, facts => facts.Demand(demand => demand with { ListenAddress = "::" }), "::."),
        new("LM018", Warning, facts => facts.Destination(host => host with { Links = Had<IReadOnlyList<HostLink>>([new("eth0", 100, true)]) }), "is eth0 with 100 Mbit/s. At least 1000 Mbit/s is expected."),
        new("LM018", Warning, facts => facts.Destination(host => host with { Links = Had<IReadOnlyList<HostLink>>([new("eth0", 100, false)]) }), "No link of b is up: eth0."),
        new("LM018", Unknown, facts => facts.Destination(host => host with { Links = Had<IReadOnlyList<HostLink>>([new("lo", null, true)]) }), "b reports no link speed"),
        new("LM019", Pass, facts => facts, "virtual: Mode, VLAN, port type and MTU are the same."),
        new("LM019", Warning, facts => facts.Network("<network><forward mode='bridge'/><mtu size='9000'/></network>"), "Its MTU is the default on a and 9000 on b. Recreating it disconnects the VMs there that use it. | virsh -c qemu+tcp://b/system net-destroy virtual; virsh -c qemu+tcp://b/system net-undefine virtual; virsh -c qemu:///system net-dumpxml virtual > virtual.xml; virsh -c qemu+tcp://b/system net-define virtual.xml; virsh -c qemu+tcp://b/system net-start virtual; virsh -c qemu+tcp://b/system net-autostart virtual"),
        new("LM019", Warning, facts => facts.Network("<network><forward mode='nat'/><vlan><tag id='7'/></vlan></network>"), "Its mode is bridge on a and nat on b, its VLAN is none on a and 7 on b."),
        new("LM019", Warning, facts => facts.Source(Nat).Network(Nat(facts.Source).Networks.Value[0].Xml), "Each host has a separate network 'virtual'"),
        new("LM020", Pass, facts => facts.Fit(fit => fit with { MigrationPorts = Had<IReadOnlyList<TcpProbe>>([new("b", 49152, ProbeAnswer.Refused, TimeSpan.FromMilliseconds(1.5))]) }), "b answers this client in 1.5 ms."),
        new("LM020", Unknown, facts => facts.Fit(fit => fit with { MigrationPorts = Had<IReadOnlyList<TcpProbe>>([new("b", 49152, ProbeAnswer.Silence)]) }), "see LM015"),
        new("LM088", Warning, facts => facts.Fit(fit => fit with { StorageServers = Had<IReadOnlyList<TcpProbe>>([new("ceph1", 6789, ProbeAnswer.Silence)]) }), "ceph1:6789 does not answer."),
        new("LM088", Unknown, facts => facts.Fit(fit => fit with { StorageServers = Had<IReadOnlyList<TcpProbe>>([new("ceph1", 6789, ProbeAnswer.Open)]) }), "whether b can connect"),
        new("LM088", Pass, facts => facts, "The VM has none."),
    ]);

    private static HostSnapshot Nat(HostSnapshot host) =>
        host with { Networks = Had<IReadOnlyList<NetworkState>>([new("virtual", true, true, "<network><forward mode='nat'/><ip address='10.0.0.1'/></network>")]) };

    private static HostSnapshot Nameless(HostSnapshot host) => host.Info(info => info with { Uuid = null });

    private static HostSnapshot Localhost(HostSnapshot host) => host.Info(info => info with { MachineName = "localhost" });
}
