using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM062: QEMU blocks the migration of hv-passthrough.</summary>
internal sealed class NoHypervPassthrough()
    : ReadinessCheck("LM062", "The VM's Hyper-V features are listed explicitly", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#hypervisor-features")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        yield return (string?)facts.Xml.Element("features")?.Element("hyperv")?.Attribute("mode") is "passthrough"
            ? Broken("The VM has hyperv mode='passthrough', which QEMU does not migrate. List the features explicitly, or remove them; the change takes effect the next time the VM starts.", FixCommand.Redefine(facts, $"s/<hyperv mode='passthrough'/<hyperv mode='custom'/"))
            : Pass("The VM does not use hyperv mode='passthrough'.");
    }
}
