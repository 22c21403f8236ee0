using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM040: a managed-save image belongs to the host on which it was made.</summary>
internal sealed class NoManagedSave()
    : ReadinessCheck("LM040", "No saved memory of the VM is left behind", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        yield return facts.Domain.ManagedSave.Value
            ? Broken("Its memory is saved on the source: that does not move, and is lost with the definition.", FixCommand.Virsh(facts.Source.Host, "managedsave-remove", facts.Name))
            : Pass("There is none.");
    }
}
