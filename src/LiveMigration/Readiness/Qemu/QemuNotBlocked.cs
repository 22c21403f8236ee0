namespace LiveMigration.Readiness.Qemu;

/// <summary>LM203: QEMU's own reasons (blocked-reasons).</summary>
internal sealed class QemuNotBlocked() : QemuCheck("LM203", "Nothing in QEMU blocks the migration", CheckCategory.Devices, CheckSeverity.Blocker)
{
    internal override Errors.Fault Fault => Errors.Faults.NotSupported;

    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => Refused(facts, "QEMU reports nothing.", QemuRefusalKind.Blocker);
}
