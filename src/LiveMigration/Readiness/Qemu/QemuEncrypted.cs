using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Qemu;

/// <summary>LM210: memory and disks hold secrets.</summary>
internal sealed class QemuEncrypted() : QemuCheck("LM210", "What is sent is encrypted", CheckCategory.Tls, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => facts.Readable is { } why ? [Broken(why)] : [Pass("It is, it stays on this machine, or it is meant not to be.")];
}
