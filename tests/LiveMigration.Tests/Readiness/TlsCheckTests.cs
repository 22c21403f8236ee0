using LiveMigration.Hosts;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;
using LiveMigration.Units;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class TlsCheckTests
{
    [Fact]
    public void E3_clocks_certificates_and_encryption() => CheckTable.Holds(
    [
        new("LM011", Pass, facts => facts, "The clocks are 0.0 s apart."),
        new("LM011", Pass, facts => facts.Source(host => host with { Clock = Had(TimeSpan.FromSeconds(-90)) }), "The clocks are 90.0 s apart. | ssh b 'chronyc makestep'"),
        new("LM011", Unknown, facts => facts.Source(host => host with { Clock = Fact<TimeSpan>.Untold("by ssh only") }), "by ssh only"),
        new("LM022", Pass, facts => facts, "b: b has ca-cert.pem, server-cert.pem, server-key.pem."),
        new("LM022", Skipped, Off, "Encryption is not requested."),
        new("LM022", Warning, facts => facts.Destination(Bare), "b has no /etc/pki/qemu/ca-cert.pem, /etc/pki/qemu/server-cert.pem, /etc/pki/qemu/server-key.pem: memory is sent unencrypted."),
        new("LM022", Fail, facts => Required(facts).Source(Bare), "a has no /etc/pki/qemu/ca-cert.pem, /etc/pki/qemu/client-cert.pem, /etc/pki/qemu/client-key.pem. | New-MigrationCertificate a ./pki; Install-MigrationCertificate ./pki a"),
        new("LM022", Pass, facts => Required(facts).Source(host => host with { CertificateFiles = Had<IReadOnlyList<string>>(["/etc/pki/qemu/ca-cert.pem"]) }).Destination(Unasking), "a has ca-cert.pem."),
        new("LM022", Fail, facts => Required(facts).Destination(host => host with { QemuConfiguration = Had(QemuConfiguration.Parse("migrate_tls_x509_cert_dir = \"/opt/pki\"")) }), "b has no /opt/pki/ca-cert.pem"),
        new("LM022", Pass, facts => Required(facts).Destination(host => host with { CertificateFiles = Had<IReadOnlyList<string>>([.. Certificates("/etc/pki/libvirt-migrate")]) }), "b has ca-cert.pem"),
        new("LM022", Unknown, facts => facts.Destination(host => host with { CertificateFiles = Fact<IReadOnlyList<string>>.Untold("by ssh only") }), "by ssh only"),
        new("LM023", Fail, facts => Off(facts).Destination(host => host with { QemuConfiguration = Had(QemuConfiguration.Parse("migrate_tls_force = 1")) }), "b: b accepts only encrypted migrations (migrate_tls_force), and -Tls Off was specified. | Start-VMLiveMigration rec -Destination b -Tls Required"),
        new("LM023", Pass, Off, "a also accepts migrations without TLS."),
        new("LM023", Unknown, facts => Off(facts).Source(host => host with { QemuConfiguration = Fact<IReadOnlyDictionary<string, string>>.Untold("over the network") }), "over the network"),
        new("LM024", Pass, facts => facts, "b:16514: The certificate is for b."),
        new("LM024", Warning, facts => Shown(facts, CertificateFaultKind.WrongName), "wrong | New-MigrationCertificate b ./pki -Address b -Force; Install-MigrationCertificate ./pki b"),
        new("LM024", Unknown, facts => Shown(facts, CertificateFaultKind.NoAnswer), "wrong"),
        new("LM025", Pass, facts => facts, "The certificate is valid until 2030-01-02."),
        new("LM025", Warning, facts => Shown(facts, CertificateFaultKind.Expired), "wrong | New-MigrationCertificate b ./pki -Address b -Force; Install-MigrationCertificate ./pki b"),
        new("LM025", Unknown, facts => facts.Fit(fit => fit with { Certificate = Had(new CertificateReport { Target = "b:16514" }) }), "see LM024"),
        new("LM027", Pass, facts => facts, "less than 256 GiB"),
        new("LM027", Skipped, Off, "Encryption is not requested."),
        new("LM027", Warning, Huge, "512 GiB over 1 connection: QEMU 7.2.22 may crash when TLS changes the key of a connection after 256 GiB. | Start-VMLiveMigration rec -Destination b -Tls Required -Parallel 4"),
        new("LM027", Pass, facts => Huge(facts).Demand(demand => demand with { Parallel = 4 }), "less than 256 GiB"),
        new("LM027", Pass, facts => Huge(facts).Source(host => host.Info(info => info with { HypervisorVersion = new(10, 1, 0) })), "a has QEMU 10.1.0, which has the fix."),
        new("LM027", Pass, facts => Huge(facts).Source(host => host with { QemuConfiguration = Had(QemuConfiguration.Parse("migrate_tls_priority = \"NORMAL:-VERS-TLS1.3\"")) }), "a has migrate_tls_priority NORMAL:-VERS-TLS1.3."),
        new("LM028", Fail, facts => Socket(facts), "unix:/run/m.sock contains no host name to compare with a certificate: libvirt refuses to migrate. | Start-VMLiveMigration rec -Destination b -MigrationUri unix:/run/m.sock -TlsName b"),
        new("LM028", Pass, facts => Socket(facts).Demand(demand => demand with { TlsName = "b.lab" }), "The expected certificate name is b.lab."),
        new("LM028", Skipped, facts => Off(Socket(facts)), "not encrypted"),
        new("LM028", Unknown, facts => Socket(facts).Destination(host => host with { Info = Fact<HostInfo>.Failed("b: no route.") }), "b: no route."),
        new("LM026", Skipped, facts => facts, "several connections"),
        new("LM026", Pass, Required, "No disk is copied."),
        new("LM026", Warning, facts => Required(facts).Fit(fit => fit with { Disks = Had(GivenReadiness.Disks(facts.State, facts.Xml, "dir")) }).Disks(disk => disk with { MarkerSeen = false }), "a has libvirt 9.0.0: before 10.3.0"),
    ]);

    private static HostSnapshot Bare(HostSnapshot host) => host with { CertificateFiles = Had<IReadOnlyList<string>>([]) };

    private static HostSnapshot Unasking(HostSnapshot host) => host with { QemuConfiguration = Had(QemuConfiguration.Parse("default_tls_x509_verify = 0")) };

    private static ReadinessFacts Huge(ReadinessFacts facts) => facts.State(state => state with { MaxMemory = ByteSize.Parse("512GiB") });

    private static ReadinessFacts Socket(ReadinessFacts facts) => facts.Demand(demand => demand with { MigrationUri = "unix:/run/m.sock" });

    private static ReadinessFacts Off(ReadinessFacts facts) => facts.Demand(demand => demand with { Tls = MigrationTls.Off });

    private static ReadinessFacts Required(ReadinessFacts facts) => facts.Demand(demand => demand with { Tls = MigrationTls.Required, Parallel = 2 });

    private static ReadinessFacts Shown(ReadinessFacts facts, CertificateFaultKind kind) =>
        facts.Fit(fit => fit with { Certificate = Had(fit.Certificate.Value with { Faults = [new(kind, "wrong", "")] }) });
}
