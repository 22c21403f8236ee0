namespace LiveMigration.Readiness.Qemu;

/// <summary>LM207: a name that is not known there, a port that is taken.</summary>
internal sealed class QemuAddressFree() : QemuCheck("LM207", "The source can send to the address of the migration", CheckCategory.Network, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => facts.Address;
}
