namespace LiveMigration.Readiness.Qemu;

/// <summary>LM205: a disk stays where it is on proof only.</summary>
internal sealed class QemuDisksFit() : QemuCheck("LM205", "Every writable disk is the same at the destination, or copied", CheckCategory.Storage, CheckSeverity.Blocker)
{
    internal override Errors.Fault Fault => Errors.Faults.DiskNotShared;

    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => Refused(facts, "All are.", QemuRefusalKind.Disk);
}
