using LiveMigration.Security;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM023: a host may be set up to migrate with TLS and in no other way.</summary>
internal sealed class EncryptionAllowed()
    : ReadinessCheck("LM023", "Both hosts take the encryption that is asked for", CheckCategory.Tls, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Tls is not MigrationTls.Off || facts.Demand.Offline)
            return [Skip("Memory is encrypted where both hosts can.")];
        return new[] { facts.Source, facts.Destination }.Select(host => host.QemuConfiguration.Value.GetValueOrDefault("migrate_tls_force") is "1"
            ? Broken($"{host.Name} migrates with TLS only (migrate_tls_force), and -Tls Off is asked for.", FixCommand.Start(facts, "-Tls Required"), host.Name)
            : Pass($"{host.Name} migrates without TLS as well.", host.Name));
    }
}
