using LiveMigration.Security;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM028: a socket file has no address to find in a certificate.</summary>
internal sealed class SocketCertificateNamed()
    : ReadinessCheck("LM028", "A stream through a socket file says whose certificate it expects", CheckCategory.Tls, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.MigrationUri?.StartsWith("unix:", StringComparison.Ordinal) is not true || facts.Demand.Tls is MigrationTls.Off)
            return [Skip("The stream goes through no socket file, or is not encrypted.")];
        return facts.Demand.TlsName is { } name
            ? [Pass($"It expects {name}.")]
            : [Broken(
                $"{facts.Demand.MigrationUri} has no name that a certificate could have: libvirt refuses.",
                FixCommand.Start(facts, $"-MigrationUri {FixCommand.Quote(facts.Demand.MigrationUri)} -TlsName {FixCommand.Quote(facts.Destination.Info.Value.MachineName)}"))];
    }
}
