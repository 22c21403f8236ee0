using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM052: how many a machine type takes depends on QEMU's version.</summary>
internal sealed class VcpuLimit()
    : ReadinessCheck("LM052", "The destination's machine type supports the VM's number of vCPUs", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination does not support the machine type: see LM059.")];
        if ((int?)capabilities.Element("vcpu")?.Attribute("max") is not { } most)
            return [Untold($"{facts.Destination.Name} does not report the maximum.")];
        var count = (int?)facts.TargetXml.Element("vcpu") ?? 1;
        return [count <= most ? Pass($"The VM has {count} vCPUs; the maximum is {most}.") : Broken($"The VM has {count} vCPUs; the maximum is {most}.")];
    }
}
