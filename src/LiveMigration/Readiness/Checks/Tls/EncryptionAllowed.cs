using LiveMigration.Security;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM023: a host may be set up to migrate with TLS and in no other way.</summary>
internal sealed class EncryptionAllowed()
    : ReadinessCheck("LM023", "Both hosts accept the requested encryption", CheckCategory.Tls, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Tls is not MigrationTls.Off || facts.Demand.Offline)
            return [Skip("Memory is encrypted if both hosts support it.")];
        return new[] { facts.Source, facts.Destination }.Select(host => host.QemuConfiguration.Value.GetValueOrDefault("migrate_tls_force") is "1"
            ? Broken($"{host.Name} accepts only encrypted migrations (migrate_tls_force), and -Tls Off was specified.", FixCommand.Start(facts, "-Tls Required"), host.Name)
            : Pass($"{host.Name} also accepts migrations without TLS.", host.Name));
    }
}
