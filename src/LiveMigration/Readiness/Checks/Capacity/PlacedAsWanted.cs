using System.IO.Enumeration;
using LiveMigration.Domains;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM053: what a site keeps apart or together, its policy tells; definitions have no common way to say it.</summary>
internal sealed class PlacedAsWanted()
    : ReadinessCheck("LM053", "The destination satisfies the policy's affinity and anti-affinity groups", CheckCategory.Capacity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (apart, together) = (Of(facts.Placement.Apart, facts), Of(facts.Placement.Together, facts));
        if (apart.Length + together.Length == 0)
            return [Skip("The policy has no affinity or anti-affinity group for the VM.")];
        return apart.Select(group => Judge(group, Others(facts.Destination, group, facts), $"on {facts.Destination.Name}, of a group that must not share a host"))
            .Concat(together.Select(group => Judge(group, Others(facts.Source, group, facts), $"still on {facts.Source.Name}, of a group that must stay together")));
    }

    private static Outcome Judge(string group, LibvirtDomain[] others, string where) => others.Length == 0
        ? Pass($"No other VM is {where}.", group)
        : Broken($"{string.Join(", ", others.Select(other => other.Name))} {(others.Length == 1 ? "is" : "are")} {where}.", subject: group);

    private static string[] Of(IReadOnlyList<string> groups, ReadinessFacts facts) => [.. groups.Where(group => Matches(group, facts.Name))];

    private static LibvirtDomain[] Others(HostSnapshot host, string group, ReadinessFacts facts) =>
        [.. host.Domains.Value.Where(other => other.Status.IsActive && other.Uuid != facts.Uuid && Matches(group, other.Name))];

    private static bool Matches(string group, string name) => FileSystemName.MatchesSimpleExpression(group, name, ignoreCase: false);
}
