using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM041: what was done past libvirt, it does not look after when the VM moves.</summary>
internal sealed class NotTainted()
    : ReadinessCheck("LM041", "libvirt answers for all that the VM does", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Domain.Taints.Value switch
    {
        [] => [Pass("It does.")],
        var taints => [Broken($"libvirt says: {string.Join("; ", taints)}.")],
    };
}
