using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM010: a daemon with as many migrations as it has workers answers nobody.</summary>
internal sealed class MigrationsUnderWay()
    : ReadinessCheck("LM010", "Neither host has too many migrations", CheckCategory.Connectivity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        foreach (var host in new[] { facts.Source, facts.Destination })
        {
            var count = host.Domains.Value.Count(domain => domain.Migrating);
            yield return count >= facts.Thresholds.ConcurrentMigrations
                ? Broken($"{count} migrations are running on {host.Name}.", $"Get-VMLiveMigration -HostName {FixCommand.Quote(host.Name)} | Wait-VMLiveMigration", host.Name)
                : Pass($"{count} migrations are running on {host.Name}.", host.Name);
        }
    }
}
