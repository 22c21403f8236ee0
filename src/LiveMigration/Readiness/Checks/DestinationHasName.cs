using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM014: libvirt sends memory to the destination's own name, and refuses when that is localhost.</summary>
internal sealed class DestinationHasName()
    : ReadinessCheck("LM014", "The destination has a host name that the source can use", CheckCategory.Network, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand is { MigrationUri: not null } or { Offline: true })
            return [Skip(facts.Demand.Offline ? "No memory is sent." : "-MigrationUri specifies where memory is sent.")];
        var (name, configuration) = (facts.Destination.Info.Value.MachineName, facts.Destination.QemuConfiguration);
        if (configuration.IsHad && configuration.Value.TryGetValue("migration_host", out var set))
            return [Pass($"migration_host is {set}.")];
        if (!name.StartsWith("localhost", StringComparison.Ordinal))
            return [Pass($"The host name is {name}.")];
        var evidence = $"The host name of {facts.Destination.Name} is {name}: libvirt refuses to migrate there unless migration_host is set in its qemu.conf.";
        var fix = FixCommand.Start(facts, $"-MigrationUri tcp://{facts.Destination.Host.Uri.Host}");
        return [configuration.IsHad ? Broken(evidence, fix) : Doubtful(evidence, fix)];
    }
}
