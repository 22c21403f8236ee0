using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM009: tcp, unix or rdma.</summary>
internal sealed class MigrationUriScheme()
    : ReadinessCheck("LM009", "The destination supports the migration URI's protocol", CheckCategory.Connectivity, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.MigrationUri is not { } uri)
            return [Skip("libvirt chooses the migration URI.")];
        var known = facts.Destination.Capabilities.Value.Descendants("uri_transport").Select(one => one.Value).ToArray();
        var scheme = uri.Split(':')[0];
        return known.Length == 0
            ? [Untold($"{facts.Destination.Name} does not report which protocols it supports.")]
            : known.Contains(scheme) || scheme is "unix"
                ? [Pass($"{facts.Destination.Name} supports {string.Join(", ", known)}.")]
                : [Broken($"{facts.Destination.Name} supports {string.Join(", ", known)}, not {scheme}.", FixCommand.Start(facts, $"-MigrationUri tcp:{uri[(scheme.Length + 1)..]}"))];
    }
}
