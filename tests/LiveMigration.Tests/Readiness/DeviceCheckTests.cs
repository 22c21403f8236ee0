using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class DeviceCheckTests
{
    private static readonly Fact<MachineAnswer> NoMachine = Had(new MachineAnswer(null, "no such machine"));

    [Fact]
    public void R1_CPU_and_machine() => CheckTable.Holds(
    [
        new("LM054", Fail, facts => facts.Fit(fit => fit with { CpuRefusal = Had<string?>("lacks avx512f") }), "b does not support qemu64: lacks avx512f."),
        new("LM054", Pass, facts => facts.Xml(xml => xml.Element("cpu")!.Remove()), "default"),
        new("LM054", Skipped, facts => Passthrough(facts), "see LM055"),
        new("LM055", Pass, facts => Passthrough(facts), "are the same"),
        new("LM055", Fail, facts => Passthrough(facts).Destination(host => host.Capabilities(xml => Cpu(xml).Element("model")!.Value = "Opteron_G1")), "a has kvm64, b has Opteron_G1."),
        new("LM055", Fail, facts => Passthrough(facts).Destination(host => host.Capabilities(xml => Cpu(xml).Elements("feature").First().Remove())), "b lacks vme."),
        new("LM055", Warning, facts => Passthrough(facts).Destination(host => host.Capabilities(xml => Cpu(xml).Element("microcode")!.SetAttributeValue("version", "2"))), "microcode differs"),
        new("LM055", Pass, Maximum, "all features that QEMU 7.2.22 emulates, as on both hosts."),
        new("LM055", Fail, facts => Maximum(facts).Destination(host => host.Info(info => info with { HypervisorVersion = new(10, 0, 13) })), "a has QEMU 7.2.22, b has 10.0.13."),
        new("LM055", Fail, facts => Maximum(facts).Xml(xml => xml.SetAttributeValue("type", "kvm")).Destination(host => host.Capabilities(xml => Cpu(xml).Element("model")!.Value = "Opteron_G1")), "b has Opteron_G1."),
        new("LM056", Warning, facts => facts.Xml(xml => xml.Element("cpu")!.SetAttributeValue("check", "none")), "check='none'"),
        new("LM057", Warning, facts => Vmx(facts).Destination(host => host.Info(info => info with { LibvirtVersion = new(10, 0, 0) })), "which libvirt 10.0.0 on b handles differently"),
        new("LM057", Pass, facts => Vmx(facts), "alike"),
        new("LM064", Warning, facts => Nested(facts), "The VM's CPU has vmx: nested VMs"),
        new("LM064", Pass, facts => facts, "no nested virtualization"),
        new("LM058", Fail, facts => Tsc(facts, null), "timer 'tsc' has no frequency"),
        new("LM058", Pass, facts => Tsc(facts, 2_000_000_000, 2_000_100_000), "2000000000 Hz"),
        new("LM058", Fail, facts => Tsc(facts, 2_000_000_000, 2_500_000_000), "cannot scale"),
        new("LM058", Pass, facts => Tsc(facts, 2_000_000_000, 2_500_000_000, "yes"), "2500000000"),
        new("LM058", Unknown, facts => Tsc(facts, 2_000_000_000, 0), "does not report the frequency"),
        new("LM059", Fail, facts => facts.Fit(fit => fit with { Machine = NoMachine }), "b does not support pc-i440fx-7.2: no such machine."),
        new("LM060", Fail, facts => facts.Device("<video><model type='voodoo'/></video>"), "video: b has "),
        new("LM060", Pass, facts => facts.Device("<video><model type='vga'/></video>"), "video vga"),
        new("LM060", Skipped, facts => facts.Fit(fit => fit with { Machine = NoMachine }), "see LM059"),
        new("LM061", Warning, facts => facts.Xml(xml => xml.Element("os")!.Add(new XElement("loader", "/opt/my.fd"))), "not /opt/my.fd"),
        new("LM062", Fail, facts => facts.Xml(xml => xml.Element("features")!.Add(XElement.Parse("<hyperv mode='passthrough'/>"))), "hyperv mode='passthrough'"),
        new("LM063", Fail, facts => facts.Element("<launchSecurity type='sev'/>"), "launchSecurity type='sev'"),
        new("LM065", Fail, facts => facts.Element("<cputune><vcpupin vcpu='0' cpuset='0,7-8'/></cputune>"), "b lacks CPU 7, 8."),
        new("LM065", Fail, facts => facts.Element("<numatune><memory mode='strict' nodeset='0-1'/></numatune>"), "b lacks NUMA node 1."),
        new("LM065", Fail, facts => facts.Device("<memory model='dimm'><source><nodemask>3</nodemask></source></memory>"), "b lacks NUMA node 3."),
        new("LM065", Pass, facts => facts.Element("<cputune><emulatorpin cpuset='0-1,^1'/></cputune>"), "b has 0-1,^1."),
        new("LM066", Warning, facts => facts.Destination(host => host.Capabilities(xml => xml.Element("host")!.Elements("secmodel").First().Element("model")!.Value = "selinux")), "b has dac, selinux"),
        new("LM067", Fail, facts => facts.Destination(host => host with { QemuConfiguration = Had(QemuConfiguration.Parse("#lock_manager = \"x\"\nlock_manager = \"sanlock\"")) }), "a has none, b has sanlock."),
    ]);

    [Fact]
    public void R1_devices_that_stay_behind() => CheckTable.Holds(
    [
        new("LM068", Fail, facts => Older(facts).Device("<hostdev mode='subsystem' type='pci'/>"), "A device of type pci belongs to a. | virsh -c qemu:///system dumpxml rec --xpath \"//hostdev[1]\" > device.xml; virsh -c qemu:///system detach-device rec device.xml --live"),
        new("LM068", Fail, facts => Older(facts).Device("<interface type='hostdev'/>"), "A device of type hostdev"),
        new("LM068", Pass, facts => facts.Device("<hostdev type='usb'/>").Device("<interface type='hostdev'><teaming type='transient' persistent='ua-n'/></interface>"), "The VM has none."),
        new("LM069", Warning, facts => facts.Device("<interface type='hostdev'><teaming type='transient' persistent='ua-n'/></interface>"), "The persistent partner 'ua-n' does not exist"),
        new("LM069", Pass, facts => facts.Device("<interface type='hostdev'><teaming type='transient' persistent='ua-n'/></interface>").Device("<interface type='bridge'><alias name='ua-n'/><teaming type='persistent'/></interface>"), "'ua-n' takes over"),
        new("LM070", Warning, facts => facts.Device("<hostdev type='usb'><alias name='hostdev0'/></hostdev>"), "the guest loses the device. | virsh -c qemu:///system dumpxml rec --xpath \"//hostdev[alias/@name='hostdev0']\" > device.xml;"),
        new("LM071", Fail, facts => facts.Device("<filesystem type='mount'><driver type='virtiofs'/><source dir='/srv'/><target dir='tag'/></filesystem>"), "tag: virtiofs can be migrated only with libvirt 11.3.0"),
        new("LM071", Warning, facts => facts.Device("<filesystem type='mount'><source dir='/srv'/><target dir='tag'/></filesystem>"), "tag: A 9p folder cannot be migrated while"),
        new("LM071", Fail, facts => facts.Device("<shmem name='ring' role='peer'/>"), "ring: Shared memory"),
        new("LM071", Warning, facts => New(facts).Device("<filesystem type='mount'><driver type='virtiofs'/><source socket='/run/v'/><target dir='tag'/></filesystem>"), "Its virtiofsd is not managed by libvirt"),
        new("LM072", Fail, facts => facts.Device("<tpm model='tpm-tis'><backend type='passthrough'/></tpm>"), "a hardware chip of the source"),
        new("LM072", Fail, facts => facts.Device("<tpm model='tpm-tis'><backend type='emulator'><encryption secret='1'/></backend></tpm>"), "b does not have"),
        new("LM072", Pass, facts => facts.Device("<tpm model='tpm-tis'><backend type='emulator'/></tpm>"), "its state is migrated with the VM"),
        new("LM073", Warning, facts => facts.Device("<graphics type='vnc'><listen type='address' address='10.0.0.1'/></graphics>"), "10.0.0.1, which may be an address of a only. | Start-VMLiveMigration rec -Destination b -GraphicsListen 0.0.0.0"),
        new("LM073", Pass, facts => facts.Device("<graphics type='vnc'><listen type='address' address='127.0.0.1'/></graphics>"), "127.0.0.1 exists on every host"),
        new("LM074", Warning, facts => facts.Device("<serial type='tcp'><source mode='bind' host='10.0.0.1' service='4555'/></serial>"), "serial: The port listens on 10.0.0.1:4555, which may be an address of a only. Another address takes effect the next time the VM starts. | virsh -c qemu:///system dumpxml rec --inactive --security-info > rec.xml; sed -i \"/mode='bind'/s/host='10.0.0.1'/host='0.0.0.0'/\" rec.xml; virsh -c qemu:///system define rec.xml"),
        new("LM074", Pass, facts => facts.Device("<serial type='tcp'><source mode='bind' host='0.0.0.0' service='4555'/></serial>"), "which exists on every host"),
        new("LM074", Warning, facts => facts.Device("<channel type='unix'><source path='/tmp/x'/><target name='mine'/></channel>"), "mine: The port uses /tmp/x on a."),
        new("LM074", Warning, facts => facts.Device("<console type='unix'><source path='/tmp/console'/><target type='virtio'/></console>"), "console: The port uses /tmp/console on a."),
        new("LM074", Warning, facts => facts.Device("<parallel type='dev'><source path='/dev/parport0'/></parallel>"), "the device /dev/parport0"),
    ]);

    [Fact]
    public void R1_what_devices_are_connected_to() => CheckTable.Holds(
    [
        new("LM075", Fail, facts => facts.Destination(host => host with { Networks = Had<IReadOnlyList<NetworkState>>([new("virtual", false, true, "<network/>")]) }), "is not active on b. | virsh -c qemu+tcp://b/system net-start virtual"),
        new("LM075", Fail, facts => facts.Destination(host => host with { Networks = Had<IReadOnlyList<NetworkState>>([new("lan", true, true, "<network/>")]) }), "b has no network 'virtual'. Existing networks: lan. | Start-VMLiveMigration rec -Destination b -NetworkMap @{ 'virtual' = 'lan' }"),
        new("LM075", Fail, facts => facts.Device("<interface type='network'><source network='virtual' portgroup='dmz'/></interface>"), "Network 'virtual' on b has no portgroup 'dmz': libvirt would give the interface the network's own settings."),
        new("LM075", Pass, facts => facts.Device("<interface type='network'><source network='virtual' portgroup='dmz'/></interface>").Destination(host => host with { Networks = Had<IReadOnlyList<NetworkState>>([new("virtual", true, true, "<network><portgroup name='dmz'/></network>")]) }), "and has the portgroup 'dmz'."),
        new("LM075", Pass, facts => Bridge(facts.Network("<network><bridge name='virtual'/></network>"), "virtual"), "virtual is the bridge of an active network on b."),
        new("LM075", Unknown, facts => Bridge(Unseen(facts), "br7").Destination(host => host with { Interfaces = Fact<IReadOnlyList<string>>.Untold("b: the driver does not tell.") }), "b: the driver does not tell."),
        new("LM076", Warning, facts => facts.Device("<interface type='user'/>"), "its connections are cut"),
        new("LM076", Warning, facts => facts.Device("<interface type='user'><backend type='passt'/></interface>"), "passt"),
        new("LM077", Fail, facts => facts.Device("<interface type='bridge'><filterref filter='mine'/></interface>"), "b has no filter 'mine'. | virsh -c qemu:///system nwfilter-dumpxml mine > mine.xml; virsh -c qemu+tcp://b/system nwfilter-define mine.xml"),
        new("LM077", Pass, facts => facts.Device("<interface type='bridge'><filterref filter='clean-traffic'/></interface>"), "b has the filter."),
        new("LM077", Fail, facts => facts.Device("<disk><auth><secret type='ceph' uuid='9'/></auth></disk>"), "b has no secret 9."),
        new("LM077", Pass, facts => facts.Device("<disk><auth><secret type='ceph' usage='ceph'/></auth></disk>"), "b has the secret; whether it has a value is known when the migration starts."),
    ]);

    [Fact]
    public void R4_what_no_check_looks_at() => CheckTable.Holds(
    [
        new("LM098", Pass, facts => facts, "Every part is looked up on the destination, or needs nothing of it."),
        new("LM098", Warning, facts => facts.Device("<input type='evdev'><source dev='/dev/input/event1'/></input>").Device("<input type='evdev'><source dev='/dev/input/event2'/></input>"), "/domain/devices/input/source/@dev: Not checked: /dev/input/event1, /dev/input/event2. Make sure that b has this input device."),
        new("LM098", Warning, facts => facts.Device("<lease><lockspace>disks</lockspace><key>web</key><target path='/srv/leases'/></lease>"), "/domain/devices/lease: Not checked. Make sure that b has this lockspace and its leases."),
        new("LM098", Warning, facts => facts.Device("<teapot model='brown'><spout/></teapot>"), "/domain/devices/teapot: Unknown to this version of the module. Make sure that b has what this needs."),
        new("LM098", Pass, facts => facts.Device("<graphics type='vnc' port='5999' autoport='no'/>"), "Every part is looked up"),
    ]);

    /// <summary>Fixes are pasted into shells, and names come from definitions and hosts.</summary>
    [Theory]
    [InlineData("LM100", "<serial type='pty'><log file='/srv/$(reboot)/web.log'/></serial>")]
    [InlineData("LM100", "<serial type='pty'><log file='/srv/a&quot;; reboot; &quot;/web.log'/></serial>")]
    [InlineData("LM075", "<interface type='bridge'><source bridge='br0; reboot'/></interface>")]
    [InlineData("LM074", "<serial type='tcp'><source mode='bind' host='`reboot`' service='99'/></serial>")]
    [InlineData("LM070", "<hostdev type='usb'><alias name='&quot;$(reboot)'/></hostdev>")]
    public void A_name_that_would_mean_something_to_a_shell_is_in_no_fix(string id, string device)
    {
        var check = ReadinessChecks.All.Single(check => check.Id == id);
        var facts = There(There(GivenReadiness.Ready, "/srv/$(reboot)", false), "/srv/a\"; reboot; \"", false).Device(device);
        var findings = check.Run(facts).Where(finding => finding.Status is CheckStatus.Fail or CheckStatus.Warning).ToArray();
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.DoesNotContain("reboot", finding.Fix ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public void R4_files_that_are_no_disks() => CheckTable.Holds(
    [
        new("LM099", Pass, facts => facts, "/srv/livemigration/cache/kernel/vmlinuz: b has /srv/livemigration/cache/kernel/vmlinuz. Whether the contents are the same was not compared."),
        new("LM099", Fail, facts => There(facts, "/boot/dtb", false).Xml(xml => xml.Element("os")!.Add(new XElement("dtb", "/boot/dtb"))), "/boot/dtb: b has no /boot/dtb. | scp -3 -p localhost:/boot/dtb b:/boot/dtb"),
        new("LM099", Fail, facts => There(facts, "/dev/dri/renderD128", false).Device("<graphics type='egl-headless'><gl rendernode='/dev/dri/renderD128'/></graphics>"), "b has no /dev/dri/renderD128. | "),
        new("LM099", Unknown, facts => facts.Xml(xml => xml.Element("os")!.Add(new XElement("dtb", "/root/dtb"))), "This user is not allowed to look for /root/dtb on b; connect as root"),
        new("LM099", Unknown, facts => facts.Fit(fit => fit with { Files = Fact<IReadOnlyDictionary<string, bool>>.Untold("only on b itself") }), "only on b itself"),
        new("LM099", Pass, facts => facts.Xml(xml => xml.Element("os")!.Elements().Where(one => one.Name.LocalName is "kernel" or "initrd").Remove()), "The VM has none."),
        new("LM100", Pass, facts => facts, "The VM has none."),
        new("LM100", Fail, facts => There(facts, "/var/log/vms", false).Device("<serial type='pty'><log file='/var/log/vms/web.log'/></serial>"), "/var/log/vms: b has no /var/log/vms. | ssh b 'mkdir -p \"/var/log/vms\"'"),
        new("LM100", Fail, facts => There(facts, "/srv/nvram", false).Xml(xml => xml.Element("os")!.Add(new XElement("nvram", "/srv/nvram/web.fd"))), "b has no /srv/nvram."),
        new("LM100", Pass, facts => facts.Xml(xml => xml.Element("os")!.Add(new XElement("nvram", "/var/lib/libvirt/qemu/nvram/web.fd"))), "The VM has none."),
    ]);

    [Fact]
    public void R4_what_is_said_of_a_part_is_not_said_again_of_what_is_in_it() => Assert.Equal(
        ["/domain/devices/lease"],
        ReadinessChecks.All.Single(check => check.Id == "LM098")
            .Run(Ready.Device("<lease><lockspace>disks</lockspace><key>web</key><target path='/srv/leases'/></lease>"))
            .Select(finding => finding.Subject));

    [Fact]
    public void Sets_of_CPUs_are_read_as_libvirt_writes_them()
    {
        Assert.Equal([0, 1, 3, 8], LiveMigration.Readiness.Checks.Cpu.CpuSet.Parse("0-3,^2,8").Order());
        Assert.Empty(LiveMigration.Readiness.Checks.Cpu.CpuSet.Parse("x,3-1"));
    }

    private static ReadinessFacts Passthrough(ReadinessFacts facts) => facts.Xml(xml => xml.Element("cpu")!.SetAttributeValue("mode", "host-passthrough"));

    private static XElement Cpu(XElement capabilities) => capabilities.Element("host")!.Element("cpu")!;

    private static ReadinessFacts Tsc(ReadinessFacts facts, long? frequency, long there = 1, string scaling = "no") => facts
        .Xml(xml =>
        {
            xml.Element("cpu")!.Add(XElement.Parse("<feature policy='require' name='invtsc'/>"));
            if (frequency is { } hertz)
                xml.Element("clock")!.Add(XElement.Parse($"<timer name='tsc' frequency='{hertz}'/>"));
        })
        .Destination(host => host.Capabilities(xml =>
        {
            xml.Descendants("counter").Remove();
            if (there > 0)
                Cpu(xml).Add(XElement.Parse($"<counter name='tsc' frequency='{there}' scaling='{scaling}'/>"));
        }));

    private static ReadinessFacts There(ReadinessFacts facts, string path, bool there) =>
        facts.Fit(fit => fit with { Files = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>(fit.Files.Value) { [path] = there }) });

    private static ReadinessFacts Maximum(ReadinessFacts facts) => facts.Xml(xml => xml.Element("cpu")!.SetAttributeValue("mode", "maximum"));

    private static ReadinessFacts New(ReadinessFacts facts) => facts
        .Source(host => host.Info(info => info with { LibvirtVersion = new(11, 3, 0) }))
        .Destination(host => host.Info(info => info with { LibvirtVersion = new(12, 0, 0) }));

    private static ReadinessFacts Older(ReadinessFacts facts) => facts.Source(host => host.Info(info => info with { LibvirtVersion = new(8, 0, 0) }));

    private static ReadinessFacts Bridge(ReadinessFacts facts, string name) => facts.Device($"<interface type='bridge'><source bridge='{name}'/></interface>");

    /// <summary>Nobody may look into the destination.</summary>
    private static ReadinessFacts Unseen(ReadinessFacts facts) => facts.Destination(host => host with { Machine = Fact<MachineLook>.Untold("only on b itself") });

    private static ReadinessFacts Vmx(ReadinessFacts facts) =>
        facts.Xml(xml => xml.Element("cpu")!.Add(XElement.Parse("<feature policy='require' name='vmx-ept'/>")));

    private static ReadinessFacts Nested(ReadinessFacts facts) => facts.Xml(xml =>
    {
        xml.SetAttributeValue("type", "kvm");
        xml.Element("cpu")!.Add(XElement.Parse("<feature policy='require' name='vmx'/>"));
    });
}
