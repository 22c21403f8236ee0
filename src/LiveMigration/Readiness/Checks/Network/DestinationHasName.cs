using System.Net;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM014: libvirt sends memory to what the destination calls itself, as the source resolves it, and refuses when that is localhost.</summary>
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
            return [Resolved(facts, name)];
        var evidence = $"The host name of {facts.Destination.Name} is {name}: libvirt refuses to migrate there unless migration_host is set in its qemu.conf.";
        return [configuration.IsHad ? Broken(evidence, Fix(facts)) : Doubtful(evidence, Fix(facts))];
    }

    private static Outcome Resolved(ReadinessFacts facts, string name)
    {
        var source = facts.Source.Name;
        // The source's daemon connects to the destination's under this name.
        if (!facts.Demand.Direct && facts.Demand.PeerUri is { } peer && Units.HostUri.Parse(peer).Host.Equals(name, StringComparison.OrdinalIgnoreCase))
            return Pass($"The host name is {name}, by which {source} connects to its daemon, too.");
        if (facts.Fit.NameAddresses is not { IsHad: true, Value: var addresses })
            return Untold($"The host name is {name}. Whether {source} resolves it is not known: {facts.Fit.NameAddresses.Reason}");
        if (addresses.Count == 0)
            return Doubtful($"{source} cannot resolve {name}, the host name of {facts.Destination.Name}: memory goes to the address of its daemon instead.", Fix(facts));
        return addresses.All(IPAddress.IsLoopback)
            ? Broken($"{source} resolves {name}, the host name of {facts.Destination.Name}, to {string.Join(", ", addresses)}: memory would be sent to {source} itself.", Fix(facts))
            : Pass($"The host name is {name}, which {source} resolves to {string.Join(", ", addresses)}.");
    }

    private static string Fix(ReadinessFacts facts) => FixCommand.Start(facts, $"-MigrationUri tcp://{facts.Destination.Host.Uri.Host}");
}
