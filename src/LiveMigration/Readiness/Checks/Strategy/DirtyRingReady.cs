using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM094: with KVM's dirty ring the dirty rate is measured for each vCPU, and can be limited.</summary>
internal sealed class DirtyRingReady()
    : ReadinessCheck("LM094", "KVM's dirty ring is available to measure and limit the dirty rate", CheckCategory.Strategy, CheckSeverity.Information, "https://libvirt.org/formatdomain.html#hypervisor-features")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if ((string?)facts.Xml.Attribute("type") is not "kvm")
            return [Skip("The VM does not use KVM.")];
        var ring = facts.Xml.Element("features")?.Element("kvm")?.Element("dirty-ring");
        return [(string?)ring?.Attribute("state") is "on"
            ? Pass($"The dirty ring has {(string?)ring.Attribute("size")} entries.")
            : Doubtful("The definition has no features/kvm/dirty-ring: the dirty rate is measured by sampling.")];
    }
}
