using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM015: by default one of the ports 49152 to 49215 on the destination is used.</summary>
internal sealed class MigrationPortsOpen()
    : ReadinessCheck("LM015", "No firewall blocks the migration ports", CheckCategory.Network, CheckSeverity.Warning, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("No memory is sent.")];
        // Nothing listens before a migration begins: to be refused is to be let through.
        return facts.Fit.MigrationPorts.Value.Select(probe => probe.Answer is ProbeAnswer.Open or ProbeAnswer.Refused
            ? Pass($"From this client, {probe}: packets arrive.", $"port {probe.Port}")
            : Broken($"From this client, {probe}.", Fix(facts, probe.Port), $"port {probe.Port}"));
    }

    private static string? Fix(ReadinessFacts facts, int port) =>
        FixCommand.On(facts.Destination.Host, Open(port is 49152 or 49215 ? (49152, 49215) : (port, port)));

    /// <summary>firewalld's way, ufw's, or else that of the chain which the package nftables sets up.</summary>
    private static FormattableString Open((int First, int Last) ports)
    {
        var (dash, colon) = ports.First == ports.Last ? ($"{ports.First}", $"{ports.First}") : ($"{ports.First}-{ports.Last}", $"{ports.First}:{ports.Last}");
        return $"firewall-cmd --add-port={dash}/tcp || ufw allow {colon}/tcp || nft insert rule inet filter input tcp dport {dash} accept";
    }
}
