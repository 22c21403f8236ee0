using LiveMigration.Errors;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>What must hold of links, and of what is said about who uses them.</summary>
internal static class LinkRules
{
    /// <param name="links">The links.</param>
    /// <param name="hosts">Who sends and receives over them.</param>
    /// <param name="storage">Those that disks are read through.</param>
    internal static IEnumerable<string> Problems(IReadOnlyList<FleetLink> links, IReadOnlyList<HostLimits> hosts, IEnumerable<string> storage)
    {
        var names = links.Select(link => link.Name).ToHashSet();
        foreach (var twice in links.GroupBy(link => link.Name).Where(group => group.Count() > 1))
            yield return $"'{twice.Key}' is listed twice.";
        var named = hosts.SelectMany(host => host.Storage is { } written ? host.Links.Append(written) : host.Links).Concat(storage);
        foreach (var name in named.Where(name => !names.Contains(name)).Distinct())
            yield return Missing("link", name, names);
        foreach (var link in links.Where(link => link.Bandwidth.BytesPerSecond == 0 || link.MaxMigrations < 1))
            yield return $"The link '{link}' has no bandwidth.";
        foreach (var host in hosts.Where(host => host.MaxOutgoing < 1 || host.MaxIncoming < 1))
            yield return $"'{host.Name}' must allow at least one migration at a time.";
    }

    internal static string Missing(string kind, string name, IReadOnlyCollection<string> names) =>
        $"There is no {kind} '{name}'. {NearNames.Ask(NearNames.Of(name, names))}".TrimEnd();
}
