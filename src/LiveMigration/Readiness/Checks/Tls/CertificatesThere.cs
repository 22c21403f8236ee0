using LiveMigration.Readiness.Gathering;
using LiveMigration.Security;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM022: QEMU encrypts with certificates of its own, which no call of libvirt tells of.</summary>
internal sealed class CertificatesThere()
    : ReadinessCheck("LM022", "Both hosts have certificates to encrypt the migration", CheckCategory.Tls, CheckSeverity.Blocker, "https://libvirt.org/kbase/tlscerts.html")
{
    internal override Errors.Fault Fault => Errors.Faults.TlsNotSetUp;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || facts.Demand.Tls is MigrationTls.Off)
            return [Skip(facts.Demand.Offline ? "No memory is sent." : "Encryption is not requested.")];
        string[] client = Asked(facts.Destination) ? ["ca-cert.pem", "client-cert.pem", "client-key.pem"] : ["ca-cert.pem"];
        return [Judge(facts, facts.Source, client), Judge(facts, facts.Destination, "ca-cert.pem", "server-cert.pem", "server-key.pem")];
    }

    private static Outcome Judge(ReadinessFacts facts, HostSnapshot host, params string[] names)
    {
        var missing = MigrationCertificates.Missing(host, names).ToArray();
        if (missing.Length == 0)
            return Pass($"{host.Name} has {string.Join(", ", names)}.", host.Name);
        var evidence = $"{host.Name} has no {string.Join(", ", missing)}";
        return facts.Demand.Tls is MigrationTls.Required
            ? Broken($"{evidence}.", FixCommand.Certify(host.Host), host.Name)
            : Doubtful($"{evidence}: memory is sent unencrypted.", FixCommand.Certify(host.Host), host.Name);
    }

    /// <summary>Whether a destination wants to see who sends, as it does unless it is told otherwise.</summary>
    private static bool Asked(HostSnapshot destination)
    {
        var configuration = destination.QemuConfiguration.Value;
        return configuration.GetValueOrDefault("migrate_tls_x509_verify", configuration.GetValueOrDefault("default_tls_x509_verify", "1")) is not "0";
    }
}
