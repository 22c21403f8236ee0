using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM052: how many a machine type takes depends on QEMU's version.</summary>
internal sealed class VcpuLimit()
    : ReadinessCheck("LM052", "The destination's machine takes that many vCPUs", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination has no such machine: see LM059.")];
        if ((int?)capabilities.Element("vcpu")?.Attribute("max") is not { } most)
            return [Untold($"{facts.Destination.Name} does not tell how many.")];
        var count = (int?)facts.TargetXml.Element("vcpu") ?? 1;
        return [count <= most ? Pass($"{count} of at most {most}.") : Broken($"The VM has {count}, and {most} is the most.")];
    }
}
