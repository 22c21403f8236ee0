using LiveMigration.Security;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM028: a socket file has no address to find in a certificate.</summary>
internal sealed class SocketCertificateNamed()
    : ReadinessCheck("LM028", "The expected certificate name is known for a UNIX socket", CheckCategory.Tls, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.MigrationUri?.StartsWith("unix:", StringComparison.Ordinal) is not true || facts.Demand.Tls is MigrationTls.Off)
            return [Skip("The migration does not use a UNIX socket, or is not encrypted.")];
        return facts.Demand.TlsName is { } name
            ? [Pass($"The expected certificate name is {name}.")]
            : [Broken(
                $"{facts.Demand.MigrationUri} contains no host name to compare with a certificate: libvirt refuses to migrate.",
                FixCommand.Start(facts, $"-MigrationUri {FixCommand.Quote(facts.Demand.MigrationUri)} -TlsName {FixCommand.Quote(facts.Destination.Info.Value.MachineName)}"))];
    }
}
