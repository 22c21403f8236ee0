namespace LiveMigration.Readiness.Qemu;

/// <summary>LM208: as QEMU expects them.</summary>
internal sealed class QemuCertificatesThere() : QemuCheck("LM208", "Both hosts have the certificates", CheckCategory.Tls, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts) => facts.Certificates;
}
