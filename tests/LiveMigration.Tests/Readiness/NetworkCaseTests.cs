using System.Net;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>Networks of real hosts: what a network or an interface stands on, on the destination.</summary>
public sealed class NetworkCaseTests
{
    private const string Missing = "<network><forward mode='bridge'/><bridge name='nosuch'/></network>";

    [Fact]
    public void B015_a_network_is_looked_up_down_to_its_device() => CheckTable.Holds(
    [
        new("LM075", Pass, facts => facts, "virtual: Network 'virtual' is active on b."),
        new("LM075", Fail, facts => facts.Network(Missing), "virtual: Network 'virtual' stands on nosuch. b has no interface nosuch. Existing interfaces: eth0, lo, virtual."),
        new("LM075", Fail, facts => Unseen(facts).Network(Missing), "b has no interface nosuch. Existing interfaces: eth0, lo, virtual."),
        new("LM075", Unknown, facts => Unlisted(facts).Network(Missing), "b: no driver."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='bridge'/><bridge name='eth0'/></network>"), "eth0 on b is not a bridge."),
        new("LM075", Pass, facts => facts.Network("<network><forward mode='nat'/><bridge name='virbr0'/><ip address='10.9.0.1'/></network>"), "Network 'virtual' is active on b."),
        new("LM075", Pass, facts => facts.Network("<network><bridge name='virbr9'/></network>"), "Network 'virtual' is active on b."),
        new("LM075", Warning, facts => facts.Network("<network><forward dev='eth7' mode='nat'><interface dev='eth7'/></forward><bridge name='virbr0'/></network>"), "Network 'virtual' on b uses eth7, which b does not have."),
        new("LM075", Warning, facts => facts.Network("<network><forward mode='route' dev='wan0'/><bridge name='virbr0'/></network>"), "uses wan0, which b does not have."),
        new("LM075", Pass, facts => facts.Network("<network><forward mode='open' dev='eth0'/><bridge name='virbr0'/></network>"), "b has eth0, which network 'virtual' uses."),
        new("LM075", Pass, facts => facts.Network("<network><forward mode='bridge'><interface dev='eth0'/></forward></network>"), "b has eth0, which network 'virtual' uses."),
        new("LM075", Warning, facts => facts.Network("<network><forward mode='bridge'><interface dev='eth0'/><interface dev='eth1'/></forward></network>"), "uses eth1, which b does not have."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='vepa'><interface dev='eth4'/><interface dev='eth5'/></forward></network>"), "uses eth4, eth5, which b does not have. Existing interfaces: eth0, lo, virtual."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='passthrough'><pf dev='ens1f0'/></forward></network>"), "uses ens1f0, which b does not have."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='hostdev' managed='yes'><pf dev='ens1f1'/></forward></network>"), "uses ens1f1, which b does not have."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='bridge'/><bridge name='br-int'/><virtualport type='openvswitch'/></network>"), "Network 'virtual' stands on br-int. b has no bridge of Open vSwitch br-int."),
        new("LM075", Pass, facts => facts.Device("<interface type='network'><source network='virtual' portid='1' bridge='virtual'/></interface>"), "Network 'virtual' is active on b."),
    ]);

    [Fact]
    public void B015_tags_of_VLANs_need_a_bridge_that_tells_them_apart() => CheckTable.Holds(
    [
        new("LM075", Fail, facts => Tagged(facts), "The VM's port has VLAN tags, which libvirt supports on a bridge of Linux since 11.0.0; b has 9.0.0."),
        new("LM075", Fail, facts => New(Tagged(facts)), "virtual on b does not filter VLANs. | ssh b 'ip link set virtual type bridge vlan_filtering 1'"),
        new("LM075", Pass, facts => New(Tagged(facts)).Machine(look => look with { Devices = [new("virtual", IsBridge: true, FiltersVlans: true)] }), "Network 'virtual' is active on b."),
        new("LM075", Fail, facts => facts.Network("<network><forward mode='bridge'/><bridge name='virtual'/><vlan><tag id='7'/></vlan></network>"), "since 11.0.0; b has 9.0.0."),
        new("LM075", Fail, facts => facts.Device("<interface type='network'><source network='virtual' portgroup='dmz'/></interface>")
            .Network("<network><forward mode='bridge'/><bridge name='virtual'/><portgroup name='dmz'><vlan><tag id='7'/></vlan></portgroup></network>"), "since 11.0.0; b has 9.0.0."),
        new("LM075", Pass, facts => Switch(facts).Device("<interface type='bridge'><source bridge='br-int'/><vlan><tag id='7'/></vlan><virtualport type='openvswitch'/></interface>"), "b has br-int, a bridge of Open vSwitch."),
    ]);

    [Fact]
    public void B032_the_fix_fits_the_kind_of_the_interface() => CheckTable.Holds(
    [
        new("LM075", Fail, facts => Bridge(facts, "br7"), "b has no interface br7. Existing interfaces: eth0, lo, virtual. A new bridge needs an uplink, too. | ssh b 'ip link add br7 type bridge; ip link set br7 up'"),
        new("LM075", Fail, facts => facts.Device("<interface type='direct'><source dev='eth9' mode='bridge'/></interface>"), "b has no interface eth9. Existing interfaces: eth0, lo, virtual. | Start-VMLiveMigration rec -Destination b -NetworkMap @{ 'eth9' = 'eth0' }"),
        new("LM075", Fail, facts => facts.Device("<interface type='direct'><source dev='bond0.42' mode='vepa'/></interface>"), "| Start-VMLiveMigration rec -Destination b -NetworkMap @{ 'bond0.42' = 'eth0' }"),
        new("LM075", Pass, facts => facts.Device("<interface type='direct'><source dev='eth0' mode='private'/></interface>"), "b has eth0."),
        new("LM075", Fail, facts => Port(facts, "br-int"), "b has no bridge of Open vSwitch br-int. Existing interfaces: eth0, lo, virtual. A new bridge needs an uplink, too. | ssh b 'ovs-vsctl add-br br-int'"),
        new("LM075", Fail, facts => Port(facts, "virtual"), "virtual on b is a bridge of Linux, and the VM's port is one of Open vSwitch."),
        new("LM075", Fail, facts => Bridge(Switch(facts), "br-int"), "br-int on b is a bridge of Open vSwitch, and the VM's port is one of a bridge of Linux."),
        new("LM075", Pass, facts => Port(Switch(facts), "br-int"), "b has br-int, a bridge of Open vSwitch."),
        new("LM075", Pass, facts => Bridge(Unseen(facts), "eth0"), "b has eth0."),
        new("LM099", Fail, facts => facts.Fit(fit => fit with { Files = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>(fit.Files.Value) { ["/dev/vhost-vdpa-0"] = false }) })
            .Device("<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>"), "b has no /dev/vhost-vdpa-0."),
        new("LM075", Pass, facts => facts.Device("<interface type='ethernet'><target dev='tap0' managed='no'/></interface>"), "Network 'virtual' is active on b."),
    ]);

    /// <summary>Each of many NICs is looked at, and what several share is said once.</summary>
    [Fact]
    public void B032_many_NICs() => Assert.Equal(
        ["Fail br1", "Fail br2", "Pass virtual"],
        ReadinessChecks.All.Single(check => check.Id == "LM075")
            .Run(Bridge(Bridge(Bridge(Ready.Device("<interface type='network'><source network='virtual'/></interface>"), "br1"), "br2"), "br1"))
            .Select(finding => $"{finding.Status} {finding.Subject}").Order());

    [Fact]
    public void B016_the_name_of_the_destination_as_the_source_sees_it() => CheckTable.Holds(
    [
        new("LM014", Pass, facts => facts, "The host name is b, by which a connects to its daemon, too."),
        new("LM014", Pass, facts => ByAddress(facts), "The host name is b, which a resolves to 10.0.0.12."),
        new("LM014", Warning, facts => Resolves(ByAddress(facts)), "a cannot resolve b, the host name of b: memory goes to the address of its daemon instead. | Start-VMLiveMigration rec -Destination b -MigrationUri tcp://b"),
        new("LM014", Warning, facts => Resolves(facts.Demand(demand => demand with { Direct = true })), "a cannot resolve b"),
        new("LM014", Fail, facts => Resolves(ByAddress(facts), "127.0.1.1"), "a resolves b, the host name of b, to 127.0.1.1: memory would be sent to a itself."),
        new("LM014", Fail, facts => Resolves(ByAddress(facts), "::1", "127.0.0.1"), "memory would be sent to a itself."),
        new("LM014", Pass, facts => Resolves(ByAddress(facts), "127.0.1.1", "10.0.0.12"), "which a resolves to 127.0.1.1, 10.0.0.12."),
        new("LM014", Unknown, facts => ByAddress(facts).Fit(fit => fit with { NameAddresses = Fact<IReadOnlyList<IPAddress>>.Untold("only over qemu+ssh.") }), "The host name is b. Whether a resolves it is not known: only over qemu+ssh."),
        new("LM014", Skipped, facts => Resolves(ByAddress(facts)).Demand(demand => demand with { MigrationUri = "tcp://10.0.0.12" }), "-MigrationUri specifies"),
    ]);

    [Fact]
    public void R5_addresses_and_ports_on_which_the_VM_listens() => CheckTable.Holds(
    [
        new("LM103", Pass, facts => facts, "The VM has none."),
        new("LM103", Pass, facts => Vnc(facts, "10.0.0.12"), "10.0.0.12: b has 10.0.0.12."),
        new("LM073", Pass, facts => Vnc(facts, "10.0.0.12"), "b has 10.0.0.12."),
        new("LM103", Fail, facts => Vnc(facts, "10.0.0.11"), "10.0.0.11: The vnc server listens on 10.0.0.11, which b does not have. Its addresses: 10.0.0.12. | Start-VMLiveMigration rec -Destination b -GraphicsListen 0.0.0.0"),
        new("LM103", Unknown, facts => Unseen(Vnc(facts, "10.0.0.11")), "only on b itself"),
        new("LM103", Fail, facts => Taken(facts, "0.0.0.0").Device("<graphics type='vnc' port='5999' autoport='no' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>"), "5999: The vnc server listens on port 5999, and on b something else listens on 0.0.0.0:5999. autoport='yes' takes effect the next time the VM starts."),
        new("LM103", Pass, facts => Taken(facts, "10.0.0.12").Device("<graphics type='vnc' port='5999' autoport='no' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>"), "Nothing listens on port 5999 of b."),
        new("LM103", Pass, facts => Taken(facts, "0.0.0.0").Device("<graphics type='vnc' port='5999' autoport='yes'/>"), "The VM has none."),
        new("LM103", Fail, facts => Taken(facts, "::").Device("<graphics type='spice' port='5901' tlsPort='5999' autoport='no'/>"), "The spice server listens on port 5999, and on b something else listens on [::]:5999."),
        new("LM103", Fail, facts => Taken(facts, "10.0.0.12").Device("<graphics type='vnc' port='-1' websocket='5999' autoport='no'/>"), "port 5999"),
        new("LM103", Fail, facts => Taken(facts, "0.0.0.0").Device("<serial type='tcp'><source mode='bind' host='0.0.0.0' service='5999'/></serial>"), "The serial port listens on port 5999, and on b something else listens on 0.0.0.0:5999. Another port takes effect"),
        new("LM103", Fail, facts => facts.Device("<console type='tcp'><source mode='bind' host='10.0.0.11' service='4555'/></console>"), "10.0.0.11: The console port listens on 10.0.0.11, which b does not have."),
        new("LM103", Pass, facts => Taken(facts, "0.0.0.0").Device("<serial type='tcp'><source mode='connect' host='logs' service='5999'/></serial>"), "The VM has none."),
        new("LM074", Pass, facts => facts.Device("<serial type='tcp'><source mode='bind' host='10.0.0.12' service='4555'/></serial>"), "and b has this address."),
    ]);

    [Fact]
    public void R5_what_a_machine_says_is_read()
    {
        var look = MachineLook.Parse("1700000000.5\n/etc/pki/qemu/ca-cert.pem\n!device br0 bridge 1\n!device br1 bridge 0\n!device br2 bridge \n!device eth0 other\n!device br-int other\n!switch br-int\n!address 127.0.0.1\n!address fe80::1\n!address 10.0.0.2\n!listeners\n!listener 0100007F:1770\n!listeners\n!listener 00000000000000000000000000000000:0016\n!listener B80D0120000000000000000001000000:0050\n!swtpm 0.7.1\n!tpmstorage nfs\n");
        Assert.Equal([new("br0", true, false, true), new("br1", true, false, false), new("br2", true), new("eth0", false), new("br-int", false, true)], look.Devices!);
        Assert.Equal(["127.0.0.1", "fe80::1", "10.0.0.2"], look.Addresses!.Select(address => $"{address}"));
        Assert.Equal(["127.0.0.1:6000", "[::]:22", "[2001:db8::1]:80"], look.Listeners!.Select(listener => $"{listener}"));
        Assert.Equal((new Version(0, 7, 1), "nfs"), (look.Swtpm, look.TpmStorage));
        Assert.Equal(MachineLook.None, MachineLook.Parse("1700000000.5\n"));
    }

    [Fact]
    public async Task R5_a_machine_is_looked_at_by_its_shell()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var look = await MachineLook.HereAsync(Given.Host("a", "qemu:///system"), CancellationToken.None);
        Assert.Contains(look.Devices!, device => device is { Name: "lo", IsBridge: false });
        Assert.Contains((IPEndPoint)listener.LocalEndpoint, look.Listeners!);
        Assert.Contains(IPAddress.Loopback, look.Addresses ?? [IPAddress.Loopback]);
    }

    [Fact]
    public async Task B016_a_name_is_resolved_where_the_source_is()
    {
        var here = Given.Host("a", "qemu:///system");
        Assert.NotEmpty(await NameLook.AtAsync(here, "localhost", blockersOnly: true, CancellationToken.None));
        Assert.Empty(await NameLook.AtAsync(here, "no-such-host.invalid", blockersOnly: true, CancellationToken.None));
        Assert.True((await Assert.ThrowsAsync<MissingFactException>(() => NameLook.AtAsync(Given.Host("b", "qemu+tcp://b/system"), "b", blockersOnly: false, CancellationToken.None))).IsUntold);
    }

    private static ReadinessFacts Unseen(ReadinessFacts facts) => facts.Destination(host => host with { Machine = Fact<MachineLook>.Untold("only on b itself") });

    private static ReadinessFacts Unlisted(ReadinessFacts facts) => Unseen(facts).Destination(host => host with { Interfaces = Fact<IReadOnlyList<string>>.Untold("b: no driver.") });

    private static ReadinessFacts New(ReadinessFacts facts) => facts.Destination(host => host.Info(info => info with { LibvirtVersion = new(11, 3, 0) }));

    private static ReadinessFacts Tagged(ReadinessFacts facts) => facts.Device("<interface type='bridge'><source bridge='virtual'/><vlan><tag id='42'/></vlan></interface>");

    private static ReadinessFacts Switch(ReadinessFacts facts) => facts.Machine(look => look with { Devices = [.. look.Devices!, new("br-int", IsBridge: false, IsSwitch: true)] });

    private static ReadinessFacts Bridge(ReadinessFacts facts, string name) => facts.Device($"<interface type='bridge'><source bridge='{name}'/></interface>");

    private static ReadinessFacts Port(ReadinessFacts facts, string name) => facts.Device($"<interface type='bridge'><source bridge='{name}'/><virtualport type='openvswitch'/></interface>");

    private static ReadinessFacts ByAddress(ReadinessFacts facts) => facts.Demand(demand => demand with { PeerUri = "qemu+tcp://10.0.0.12/system" });

    private static ReadinessFacts Resolves(ReadinessFacts facts, params string[] addresses) =>
        facts.Fit(fit => fit with { NameAddresses = Had<IReadOnlyList<IPAddress>>([.. addresses.Select(IPAddress.Parse)]) });

    private static ReadinessFacts Vnc(ReadinessFacts facts, string address) => facts.Device($"<graphics type='vnc' autoport='yes' listen='{address}'><listen type='address' address='{address}'/></graphics>");

    private static ReadinessFacts Taken(ReadinessFacts facts, string address) => facts.Machine(look => look with { Listeners = [new(IPAddress.Parse(address), 5999)] });
}
