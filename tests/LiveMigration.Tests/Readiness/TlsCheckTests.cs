using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class TlsCheckTests
{
    [Fact]
    public void E3_clocks_certificates_and_encryption() => CheckTable.Holds(
    [
        new("LM011", Pass, facts => facts, "They are 0.0 s apart."),
        new("LM011", Pass, facts => facts.Source(host => host with { Clock = Had(TimeSpan.FromSeconds(-90)) }), "They are 90.0 s apart. | ssh b 'chronyc makestep'"),
        new("LM011", Unknown, facts => facts.Source(host => host with { Clock = Fact<TimeSpan>.Untold("by ssh only") }), "by ssh only"),
        new("LM023", Fail, facts => Off(facts).Destination(host => host with { QemuConfiguration = Had(QemuConfiguration.Parse("migrate_tls_force = 1")) }), "b: b migrates with TLS only (migrate_tls_force), and -Tls Off is asked for. | Start-VMLiveMigration rec -Destination b -Tls Required"),
        new("LM023", Pass, Off, "a migrates without TLS as well."),
        new("LM023", Unknown, facts => Off(facts).Source(host => host with { QemuConfiguration = Fact<IReadOnlyDictionary<string, string>>.Untold("over the network") }), "over the network"),
        new("LM024", Pass, facts => facts, "b:16514: It is for b."),
        new("LM024", Warning, facts => Shown(facts, CertificateFaultKind.WrongName), "wrong | New-MigrationCertificate b -Force"),
        new("LM024", Unknown, facts => Shown(facts, CertificateFaultKind.NoAnswer), "wrong"),
        new("LM025", Pass, facts => facts, "It is valid until 2030-01-02."),
        new("LM025", Warning, facts => Shown(facts, CertificateFaultKind.Expired), "wrong | New-MigrationCertificate b -Force"),
        new("LM025", Unknown, facts => facts.Fit(fit => fit with { Certificate = Had(new CertificateReport { Target = "b:16514" }) }), "see LM024"),
        new("LM026", Skipped, facts => facts, "several connections"),
        new("LM026", Pass, Required, "No disk is copied."),
        new("LM026", Warning, facts => Required(facts).Fit(fit => fit with { Disks = Had(GivenReadiness.Disks(facts.State, facts.Xml, "dir")) }).Disks(disk => disk with { MarkerSeen = false }), "a has libvirt 9.0.0: before 10.3.0"),
    ]);

    private static ReadinessFacts Off(ReadinessFacts facts) => facts.Demand(demand => demand with { Tls = MigrationTls.Off });

    private static ReadinessFacts Required(ReadinessFacts facts) => facts.Demand(demand => demand with { Tls = MigrationTls.Required, Parallel = 2 });

    private static ReadinessFacts Shown(ReadinessFacts facts, CertificateFaultKind kind) =>
        facts.Fit(fit => fit with { Certificate = Had(fit.Certificate.Value with { Faults = [new(kind, "wrong", "")] }) });
}
