using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM041: what was done past libvirt, it does not look after when the VM moves.</summary>
internal sealed class NotTainted()
    : ReadinessCheck("LM041", "The VM is not tainted: it uses only what libvirt supports", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Domain.Taints.Value switch
    {
        [] => [Pass("The VM is not tainted.")],
        var taints => [Broken($"libvirt reports: {string.Join("; ", taints)}.")],
    };
}
