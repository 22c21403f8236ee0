using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM062: QEMU blocks the migration of hv-passthrough.</summary>
internal sealed class NoHypervPassthrough()
    : ReadinessCheck("LM062", "The VM's Hyper-V features are named", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#hypervisor-features")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        yield return (string?)facts.Xml.Element("features")?.Element("hyperv")?.Attribute("mode") is "passthrough"
            ? Broken("hyperv mode='passthrough' gives the guest what this host has: QEMU does not migrate that. Name the features, or do without; that takes effect when it starts.", FixCommand.Redefine(facts, "s/<hyperv mode='passthrough'/<hyperv mode='custom'/"))
            : Pass("They are, or it has none.");
    }
}
