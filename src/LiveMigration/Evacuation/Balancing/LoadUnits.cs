using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>The domains of a group of hosts → what moves as one, and what cannot move.</summary>
internal static class LoadUnits
{
    internal static LoadUnit[] Of(Fleet fleet, LoadHost[] hosts, Func<IReadOnlyList<FleetDomain>, double[]> amounts)
    {
        var index = hosts.ToDictionary(host => host.Host.Name, host => host.Index);
        var places = fleet.Domains.Where(domain => domain.AffinityGroup is not null).GroupBy(domain => domain.AffinityGroup!)
            .ToDictionary(group => group.Key, group => group.Select(domain => domain.Host).Distinct().Count());
        var here = fleet.Domains.Where(domain => index.ContainsKey(domain.Host)).ToList();
        return [.. here.Where(domain => domain.AffinityGroup is null).Select(domain => new PlacementGroup([domain]))
            .Concat(here.Where(domain => domain.AffinityGroup is not null).GroupBy(domain => (domain.AffinityGroup, domain.Host)).Select(group => new PlacementGroup([.. group])))
            .OrderBy(group => group.Domains[0].Name, StringComparer.Ordinal).ThenBy(group => group.Domains[0].Uuid)
            .Select((group, number) => new LoadUnit(number, group, index[group.Domains[0].Host], amounts(group.Domains), Stays(group, hosts))
            {
                IsPart = group.AffinityGroup is { } together && places[together] > 1,
            })];
    }

    private static UnmovableDomain? Stays(PlacementGroup group, LoadHost[] hosts)
    {
        var first = group.Domains[0];
        if (group.Domains.FirstOrDefault(domain => domain.Pinned is not null) is { } pinned)
        {
            return new UnmovableDomain(
                pinned, pinned.Pinned!, $"Remove what pins '{pinned}' to {pinned.Host} if it should move.");
        }

        if (group.IsContradicting)
            return new UnmovableDomain(first, $"the affinity group '{group.AffinityGroup}' and an anti-affinity group contradict each other", "Remove one of the two groups.");
        // A host that it may not go to is one reason among others; only when there is no host left is it told.
        var refusals = hosts.Where(host => host.Host.Name != first.Host)
            .Select(host => (host.Host.Name, Reason: group.Domains.Select(domain => domain.Refusals.GetValueOrDefault(host.Host.Name)).FirstOrDefault(reason => reason is not null)))
            .TakeWhile(refusal => refusal.Reason is not null).ToList();
        return refusals.Count > 0 && refusals.Count == hosts.Length - 1
            ? new UnmovableDomain(first, Told(refusals!), "Fix what prevents it from moving if it should move.")
            : null;
    }

    private static string Told(List<(string Host, string Reason)> refusals) => string.Join("; ", refusals.GroupBy(refusal => refusal.Reason).Take(3)
        .Select(group => $"{string.Join(", ", group.Take(3).Select(refusal => refusal.Host))}{(group.Count() > 3 ? $" and {group.Count() - 3} more" : "")}: {group.Key}"));
}
