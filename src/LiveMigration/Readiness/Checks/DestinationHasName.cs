using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM014: libvirt sends memory to the destination's own name, and refuses when that is localhost.</summary>
internal sealed class DestinationHasName()
    : ReadinessCheck("LM014", "The destination knows a name by which it is reached", CheckCategory.Network, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand is { MigrationUri: not null } or { Offline: true })
            return [Skip(facts.Demand.Offline ? "No memory is sent." : "The migration URI says where memory goes.")];
        var (name, configuration) = (facts.Destination.Info.Value.MachineName, facts.Destination.QemuConfiguration);
        if (configuration.IsHad && configuration.Value.TryGetValue("migration_host", out var set))
            return [Pass($"migration_host is {set}.")];
        if (!name.StartsWith("localhost", StringComparison.Ordinal))
            return [Pass($"It is {name}.")];
        var evidence = $"{facts.Destination.Name} calls itself {name}: unless migration_host is set in its qemu.conf, libvirt refuses.";
        var fix = FixCommand.Start(facts, $"-MigrationUri tcp://{facts.Destination.Host.Uri.Host}");
        return [configuration.IsHad ? Broken(evidence, fix) : Doubtful(evidence, fix)];
    }
}
