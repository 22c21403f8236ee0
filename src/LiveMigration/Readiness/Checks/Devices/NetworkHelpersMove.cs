using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM076: passt, vhost-user and vDPA are served from outside QEMU.</summary>
internal sealed class NetworkHelpersMove()
    : ReadinessCheck("LM076", "No network interface depends on a helper process of the source", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#network-interfaces")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Devices("interface")
        .Where(nic => (string?)nic.Attribute("type") is "user" or "vhostuser" or "vdpa")
        .Select(nic => (
            Type: (string?)nic.Attribute("type"), Backend: (string?)nic.Element("backend")?.Attribute("type"),
            Fix: FixCommand.Virsh(facts.Source.Host, "detach-interface", facts.Name, (string?)nic.Attribute("type") ?? "", "--mac", (string?)nic.Element("mac")?.Attribute("address") ?? "", "--live")))
        .Select(nic => nic is { Type: "user", Backend: not "passt" }
            ? Doubtful("QEMU's user-mode network is migrated, but its connections are cut.", nic.Fix, nic.Type)
            : Broken($"The interface is served by a process outside QEMU ({nic.Backend ?? nic.Type}), which must also run on the destination.", nic.Fix, nic.Type));
}
