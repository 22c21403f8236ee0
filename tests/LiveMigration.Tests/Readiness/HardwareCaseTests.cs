using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>Machines and devices of real hosts: other distributions, CPUs that follow the host, devices that some versions can move.</summary>
public sealed class HardwareCaseTests
{
    [Fact]
    public void B028_another_distribution_keeps_its_QEMU_elsewhere() => CheckTable.Holds(
    [
        new("LM059", Warning, facts => Elsewhere(facts), "b has no /usr/bin/qemu-system-x86_64: its own QEMU for pc-i440fx-7.2, /usr/libexec/qemu-kvm, is used."),
        new("LM059", Fail, facts => Elsewhere(facts).Demand(demand => demand with { DefinitionIsGiven = true }), "its QEMU for pc-i440fx-7.2 is /usr/libexec/qemu-kvm. Change it in the definition of -DestinationXml."),
        new("LM059", Fail, facts => Refused(facts, "pc-q35-rhel9.2.0"), "b does not support pc-q35-rhel9.2.0: no such machine. Such a machine type is of one distribution only; another one takes effect the next time the VM starts."),
        new("LM059", Fail, facts => Refused(facts, "pc-i440fx-jammy"), "of one distribution only"),
        new("LM059", Fail, facts => Refused(facts, "pc-q35-10.0"), "'virsh capabilities' lists what it supports."),
        new("LM059", Fail, facts => Refused(facts, "s390-ccw-virtio-9.0"), "'virsh capabilities' lists"),
        new("LM060", Fail, facts => Elsewhere(facts).Device("<video><model type='voodoo'/></video>"), "video: b has "),
    ]);

    [Fact]
    public void B034_a_CPU_that_has_all_that_its_QEMU_can_do() => CheckTable.Holds(
    [
        new("LM054", Skipped, facts => Cpu(facts, "maximum"), "The CPU follows the host (maximum): see LM055."),
        new("LM055", Pass, facts => Cpu(facts, "maximum"), "all features that QEMU 7.2.22 emulates, as on both hosts."),
        new("LM055", Fail, facts => Cpu(facts, "maximum").Destination(Qemu(new(10, 0, 13))), "a has QEMU 7.2.22, b has 10.0.13."),
        new("LM055", Fail, facts => Cpu(facts, "maximum").Source(Qemu(new(10, 0, 13))), "a has QEMU 10.0.13, b has 7.2.22."),
        new("LM055", Fail, facts => Cpu(facts, "maximum").Destination(Qemu(new(7, 2, 23))), "b has 7.2.23."),
        new("LM055", Pass, facts => Cpu(facts, "maximum").Xml(xml => xml.SetAttributeValue("type", "kvm")), "Model, features and microcode are the same."),
        new("LM055", Skipped, facts => Cpu(facts, "host-model"), "The VM's CPU is host-model."),
    ]);

    [Fact]
    public void B036_an_emulated_TPM() => CheckTable.Holds(
    [
        new("LM072", Pass, facts => Tpm(facts), "its state is migrated with the VM"),
        new("LM072", Fail, facts => Shared(Tpm(facts), "nfs"), "The state of TPMs is on shared storage (nfs), and swtpm 0.7.1 on a does not release it for the other host. Update it to 0.8.0."),
        new("LM072", Fail, facts => Swtpm(Shared(Tpm(facts), "ceph"), here: new(0, 10, 0), there: new(0, 7, 3)), "swtpm 0.7.3 on b"),
        new("LM072", Pass, facts => Swtpm(Shared(Tpm(facts), "nfs"), here: new(0, 8, 0), there: new(0, 8, 0)), "is migrated with the VM"),
        new("LM072", Warning, facts => Swtpm(Tpm(facts), here: new(0, 10, 0), there: new(0, 7, 1)), "a has swtpm 0.10.0, and b has 0.7.1, which may not read the state of a newer one."),
        new("LM072", Pass, facts => Swtpm(Tpm(facts), here: new(0, 7, 1), there: new(0, 10, 0)), "is migrated with the VM"),
        new("LM072", Pass, facts => Tpm(facts).Destination(host => host with { Machine = Fact<MachineLook>.Untold("only on b itself") }), "is migrated with the VM"),
        new("LM072", Warning, facts => facts.Device("<tpm model='tpm-crb'><backend type='external'><source type='unix' path='/run/tpm.sock'/></backend></tpm>"), "served by a process outside libvirt"),
        new("LM060", Fail, facts => Tpm(facts).Fit(fit => fit with { Machine = Had(new MachineAnswer(System.Xml.Linq.XElement.Parse("<c><devices><tpm><enum name='backendModel'><value>passthrough</value></enum></tpm></devices></c>"), null)) }), "tpm: b has passthrough, not emulator."),
    ]);

    [Fact]
    public void B044_what_QEMU_decides_is_no_blocker_where_the_versions_let_it() => CheckTable.Holds(
    [
        new("LM068", Fail, facts => Pci(facts, libvirt: new(8, 0, 0)), "A device of type pci belongs to a. | virsh -c qemu:///system dumpxml rec"),
        new("LM068", Fail, facts => Pci(facts, qemu: new(5, 2, 0)), "A device of type pci belongs to a."),
        new("LM068", Unknown, facts => Pci(facts), "Whether a device of type pci can be migrated, its driver decides, and most cannot: -AllowMonitor asks QEMU."),
        new("LM068", Warning, facts => Pci(facts).Domain(domain => domain with { Monitor = Had(new MonitorAnswers(new(10, 0), [], [])) }), "QEMU can migrate a device of type pci; b needs the same device for the VM."),
        new("LM068", Fail, facts => Pci(facts).Domain(domain => domain with { Monitor = Had(new MonitorAnswers(new(10, 0), ["VFIO device doesn't support migration"], [])) }), "A device of type pci belongs to a."),
        new("LM068", Unknown, facts => Unasked(facts.Device("<hostdev mode='subsystem' type='mdev' model='vfio-pci'/>")), "Whether a device of type mdev can be migrated"),
        new("LM068", Fail, facts => Unasked(facts.Device("<hostdev mode='subsystem' type='scsi'/>")), "A device of type scsi belongs to a."),
        new("LM068", Fail, facts => Unasked(facts.Device("<hostdev mode='subsystem' type='scsi_host'/>")), "A device of type scsi_host belongs to a."),
        new("LM068", Unknown, facts => Unasked(facts.Source(host => host with { Networks = Had<IReadOnlyList<LiveMigration.Interop.Libvirt.NetworkState>>([new("virtual", true, true, "<network><forward mode='hostdev'><pf dev='eth0'/></forward></network>")]) })), "Whether a device of type network can be migrated"),
        new("LM071", Fail, facts => Share(facts), "tag: virtiofs can be migrated only with libvirt 11.3.0"),
        new("LM071", Warning, facts => Libvirt(Share(facts), new(11, 3, 0)), "tag: libvirt migrates it if virtiofsd on both hosts can (since 1.11), and b needs the same files in /srv."),
        new("LM071", Fail, facts => Share(facts).Destination(host => host.Info(info => info with { LibvirtVersion = new(12, 0, 0) })), "virtiofs can be migrated only with libvirt 11.3.0"),
    ]);

    private static ReadinessFacts Elsewhere(ReadinessFacts facts) => facts.Fit(fit => fit with { Machine = fit.Machine.Map(answer => answer with { Emulator = "/usr/libexec/qemu-kvm" }) });

    private static ReadinessFacts Refused(ReadinessFacts facts, string machine) => facts
        .Xml(xml => xml.Element("os")!.Element("type")!.SetAttributeValue("machine", machine))
        .Fit(fit => fit with { Machine = Had(new MachineAnswer(null, "no such machine")) });

    private static ReadinessFacts Cpu(ReadinessFacts facts, string mode) => facts.Xml(xml => xml.Element("cpu")!.SetAttributeValue("mode", mode));

    private static Func<HostSnapshot, HostSnapshot> Qemu(Version version) => host => host.Info(info => info with { HypervisorVersion = version });

    private static ReadinessFacts Tpm(ReadinessFacts facts) => facts.Device("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");

    private static ReadinessFacts Shared(ReadinessFacts facts, string storage) => facts.Machine(look => look with { TpmStorage = storage });

    private static ReadinessFacts Swtpm(ReadinessFacts facts, Version here, Version there) => facts
        .Source(host => host with { Machine = host.Machine.Map(look => look with { Swtpm = here }) })
        .Machine(look => look with { Swtpm = there });

    private static ReadinessFacts Unasked(ReadinessFacts facts) => facts.Domain(domain => domain with { Monitor = Fact<MonitorAnswers>.Untold("not asked") });

    private static ReadinessFacts Libvirt(ReadinessFacts facts, Version version) => facts
        .Source(host => host.Info(info => info with { LibvirtVersion = version }))
        .Destination(host => host.Info(info => info with { LibvirtVersion = version }));

    private static ReadinessFacts Pci(ReadinessFacts facts, Version? libvirt = null, Version? qemu = null) => Unasked(facts)
        .Device("<hostdev mode='subsystem' type='pci'/>")
        .Source(host => host.Info(info => info with { LibvirtVersion = libvirt ?? info.LibvirtVersion, HypervisorVersion = qemu ?? info.HypervisorVersion }));

    private static ReadinessFacts Share(ReadinessFacts facts) => facts.Device("<filesystem type='mount'><driver type='virtiofs'/><source dir='/srv'/><target dir='tag'/></filesystem>");
}
