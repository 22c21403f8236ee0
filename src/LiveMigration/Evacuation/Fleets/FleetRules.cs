using LiveMigration.Errors;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>What must hold of a fleet and a request before anything can be planned.</summary>
internal static class FleetRules
{
    internal static void Check(Fleet fleet, IReadOnlyList<string> sources, EvacuationOptions options, string what = "The evacuation")
    {
        var problems = string.Join(' ', Problems(fleet, sources, options));
        if (problems.Length > 0)
            throw new LiveMigrationException(Faults.InvalidEvacuation, $"{what} cannot be planned: {problems}");
    }

    private static IEnumerable<string> Problems(Fleet fleet, IReadOnlyList<string> sources, EvacuationOptions options)
    {
        var hosts = fleet.Hosts.Select(host => host.Name).ToHashSet();
        string[] twice = [.. Twice(fleet.Hosts, host => host.Name), .. Twice(fleet.Domains, domain => domain.Uuid)];
        foreach (var name in twice)
            yield return $"'{name}' is listed twice.";
        foreach (var name in sources.Concat(options.Destinations).Where(name => !hosts.Contains(name)).Distinct())
            yield return LinkRules.Missing("host", name, hosts);
        foreach (var name in sources.Intersect(options.Destinations))
            yield return $"'{name}' cannot be both a host to empty and a destination.";
        foreach (var domain in fleet.Domains.Where(domain => !hosts.Contains(domain.Host)))
            yield return $"'{domain}' is on '{domain.Host}', which is not in the fleet.";
        foreach (var problem in LinkRules.Problems(fleet.Links, fleet.Hosts, fleet.Domains.SelectMany(domain => domain.Storage)))
            yield return problem;
        if (options is { MaxOutgoing: < 1 } or { MaxIncoming: < 1 })
            yield return "At least one migration at a time must be allowed.";
        if (options.Headroom is < 0 or > 99)
            yield return "Headroom must be 0 to 99 percent.";
        if (options.AloneFrom is < 1 or > 100)
            yield return "AloneFrom must be 1 to 100 percent.";
    }

    private static IEnumerable<string> Twice<T>(IReadOnlyList<T> items, Func<T, object> key) =>
        items.GroupBy(key).Where(group => group.Count() > 1).Select(group => $"{group.First()}");
}
