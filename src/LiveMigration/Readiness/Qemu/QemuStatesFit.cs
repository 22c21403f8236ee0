namespace LiveMigration.Readiness.Qemu;

/// <summary>LM204: a destination can be used for one migration only.</summary>
internal sealed class QemuStatesFit() : QemuCheck("LM204", "One QEMU has the VM, and the other waits for it", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Errors.Fault Fault => Errors.Faults.QemuStateWrong;

    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => Refused(facts, "The destination waits.", QemuRefusalKind.State);
}
