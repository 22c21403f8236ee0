using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM040: a managed-save image belongs to the host on which it was made.</summary>
internal sealed class NoManagedSave()
    : ReadinessCheck("LM040", "The VM has no managed save image", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        yield return facts.Domain.ManagedSave.Value
            ? Broken("The VM has a managed save image on the source, which is not moved and is lost with the definition.", FixCommand.Virsh(facts.Source.Host, "managedsave-remove", facts.Name))
            : Pass("The VM has no managed save image.");
    }
}
