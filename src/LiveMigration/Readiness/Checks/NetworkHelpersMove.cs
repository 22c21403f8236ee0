using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM076: passt, vhost-user and vDPA are served from outside QEMU.</summary>
internal sealed class NetworkHelpersMove()
    : ReadinessCheck("LM076", "No helper of a network card stays behind", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#network-interfaces")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Devices("interface")
        .Where(nic => (string?)nic.Attribute("type") is "user" or "vhostuser" or "vdpa")
        .Select(nic => (
            Type: (string?)nic.Attribute("type"), Backend: (string?)nic.Element("backend")?.Attribute("type"),
            Fix: FixCommand.Virsh(facts.Source.Host, "detach-interface", facts.Name, (string?)nic.Attribute("type") ?? "", "--mac", (string?)nic.Element("mac")?.Attribute("address") ?? "", "--live")))
        .Select(nic => nic is { Type: "user", Backend: not "passt" }
            ? Doubtful("QEMU's own user network moves, and its connections are cut.", nic.Fix, nic.Type)
            : Broken($"What serves it ({nic.Backend ?? nic.Type}) is a process beside QEMU, which has to be on the destination as well.", nic.Fix, nic.Type));
}
