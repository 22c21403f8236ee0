using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM018: over a slow link a busy VM never gets done.</summary>
internal sealed class LinkSpeed()
    : ReadinessCheck("LM018", "The hosts' links are up and fast enough", CheckCategory.Network, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        new[] { facts.Source, facts.Destination }.Select(host => Judge(host, facts.Thresholds.LinkSpeed));

    private static Outcome Judge(HostSnapshot host, int wanted)
    {
        var links = host.Links.Value.Where(link => link.Speed is not null).ToArray();
        if (links.Length == 0)
            return Untold($"{host.Name} reports no link speed.", host.Name);
        if (links.Where(link => link.Up).MaxBy(link => link.Speed) is not { } best)
            return Broken($"No link of {host.Name} is up: {string.Join(", ", links.Select(link => link.Interface))}.", subject: host.Name);
        var evidence = $"The fastest link of {host.Name} is {best.Interface} with {best.Speed} Mbit/s.";
        return best.Speed < wanted ? Broken(evidence + $" At least {wanted} Mbit/s is expected.", subject: host.Name) : Pass(evidence, host.Name);
    }
}
