using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM015: by default one of the ports 49152 to 49215 is listened on at the destination.</summary>
internal sealed class MigrationPortsOpen()
    : ReadinessCheck("LM015", "No firewall drops the memory stream", CheckCategory.Network, CheckSeverity.Warning, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("No memory is sent.")];
        // Nothing listens before a migration begins: to be refused is to be let through.
        return facts.Fit.MigrationPorts.Value.Select(probe => probe.Answer is ProbeAnswer.Open or ProbeAnswer.Refused
            ? Pass($"From here, {probe}: packets get there.", $"port {probe.Port}")
            : Broken($"From here, {probe}.", Fix(facts, probe.Port), $"port {probe.Port}"));
    }

    private static string Fix(ReadinessFacts facts, int port) =>
        $"ssh {FixCommand.Quote(facts.Destination.Host.Uri.IsLocal ? "localhost" : facts.Destination.Host.Uri.Host)} firewall-cmd --add-port={(port is 49152 or 49215 ? "49152-49215" : port)}/tcp";
}
