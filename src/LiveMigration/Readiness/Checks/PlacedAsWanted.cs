using System.IO.Enumeration;
using LiveMigration.Domains;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM053: what a site keeps apart or together, its policy tells; definitions have no common way to say it.</summary>
internal sealed class PlacedAsWanted()
    : ReadinessCheck("LM053", "The VM may be with those that run on the destination", CheckCategory.Capacity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (apart, together) = (Of(facts.Placement.Apart, facts), Of(facts.Placement.Together, facts));
        if (apart.Length + together.Length == 0)
            return [Skip("The policy keeps it apart from none and together with none.")];
        return apart.Select(group => Judge(group, Others(facts.Destination, group, facts), $"on {facts.Destination.Name}, which are not to share a host with it"))
            .Concat(together.Select(group => Judge(group, Others(facts.Source, group, facts), $"left on {facts.Source.Name}, which belong with it")));
    }

    private static Outcome Judge(string group, LibvirtDomain[] others, string where) => others.Length == 0
        ? Pass($"No others are {where}.", group)
        : Broken($"{string.Join(", ", others.Select(other => other.Name))} {(others.Length == 1 ? "is" : "are")} {where}.", subject: group);

    private static string[] Of(IReadOnlyList<string> groups, ReadinessFacts facts) => [.. groups.Where(group => Matches(group, facts.Name))];

    private static LibvirtDomain[] Others(HostSnapshot host, string group, ReadinessFacts facts) =>
        [.. host.Domains.Value.Where(other => other.Status.IsActive && other.Uuid != facts.Uuid && Matches(group, other.Name))];

    private static bool Matches(string group, string name) => FileSystemName.MatchesSimpleExpression(group, name, ignoreCase: false);
}
