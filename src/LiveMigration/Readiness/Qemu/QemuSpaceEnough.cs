namespace LiveMigration.Readiness.Qemu;

/// <summary>LM209: an image grows while it is filled.</summary>
internal sealed class QemuSpaceEnough() : QemuCheck("LM209", "The destination has space for the disks that are copied", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => facts.Space;
}
