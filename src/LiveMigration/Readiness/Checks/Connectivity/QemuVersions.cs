using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM006: QEMU promises that a machine type moves to newer versions, not back. Whether the type is there, LM059 tells.</summary>
internal sealed class QemuVersions()
    : ReadinessCheck("LM006", "QEMU on the destination is not older", CheckCategory.Connectivity, CheckSeverity.Warning, "https://www.qemu.org/docs/master/devel/migration/compatibility.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (facts.Source.Info.Value.HypervisorVersion, facts.Destination.Info.Value.HypervisorVersion);
        var evidence = $"{facts.Source.Name} has QEMU {here}, {facts.Destination.Name} has {there}.";
        yield return there < here ? Broken(evidence) : Pass(evidence);
    }
}
