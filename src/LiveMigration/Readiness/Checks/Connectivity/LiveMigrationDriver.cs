using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM008: what the driver says of itself.</summary>
internal sealed class LiveMigrationDriver()
    : ReadinessCheck("LM008", "Both hosts' drivers support live migration", CheckCategory.Connectivity, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        facts.Demand.Offline
            ? [Skip("Only the definition is moved.")]
            : new[] { facts.Source.Info.Value, facts.Destination.Info.Value }.Select(host => host.CanMigrateLive
                ? Pass($"The driver {host.Hypervisor} supports live migration.", host.Name)
                : Broken($"The driver {host.Hypervisor} does not report support for live migration.", subject: host.Name));
}
