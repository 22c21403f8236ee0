using LiveMigration.Units;

namespace LiveMigration.Evacuation.Placing;

/// <summary>Why nobody takes a group, and what would change that.</summary>
internal static class PlacementFailure
{
    private const int Named = 3;

    internal static string Reason(PlacementGroup group, List<HostCapacity> rooms)
    {
        var reasons = rooms.Select(room => (Host: room.Host.Name, Why: room.Refuses(group) ?? room.Lacks(group)!))
            .GroupBy(refusal => refusal.Why)
            .Select(group => $"{Names([.. group.Select(refusal => refusal.Host)])}: {group.Key}")
            .ToList();
        return reasons.Count == 0 ? "there is no destination host"
            : string.Join("; ", reasons.Take(Named)) + (reasons.Count > Named ? $"; and {reasons.Count - Named} more reasons" : "");
    }

    internal static string Remedy(PlacementGroup group, List<HostCapacity> rooms, EvacuationOptions options)
    {
        var full = rooms.Where(room => room.Refuses(group) is null).MaxBy(room => room.Free);
        return full is null ? "Add a host that can take it, or fix what prevents it from moving to a host."
            : group.Memory > full.Free ? $"Free {new ByteSize(group.Memory - full.Free)} on {full.Host}{(options.MakeRoom ? "" : ", allow other domains to be moved away to make room (MakeRoom)")}, or add a host."
            : $"Allow more virtual CPUs on {full.Host}, or add a host.";
    }

    private static string Names(List<string> hosts) =>
        hosts.Count > Named ? $"{string.Join(", ", hosts.Take(Named))} and {hosts.Count - Named} more" : string.Join(", ", hosts);
}
