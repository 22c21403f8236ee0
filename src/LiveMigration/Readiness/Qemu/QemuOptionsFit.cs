namespace LiveMigration.Readiness.Qemu;

/// <summary>LM206: versions and capabilities.</summary>
internal sealed class QemuOptionsFit() : QemuCheck("LM206", "Both QEMUs can do what is asked for", CheckCategory.Strategy, CheckSeverity.Blocker)
{
    internal override Errors.Fault Fault => Errors.Faults.ContradictingOptions;

    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => Refused(facts, "They can.", QemuRefusalKind.Options);
}
