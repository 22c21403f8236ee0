namespace LiveMigration.Evacuation.Balancing;

/// <summary>
/// Empties one host after the other, the cheapest first, as long as all its units find room on hosts that stay in use; each goes where the room is
/// used up best. A host that cannot be emptied whole is left alone.
/// </summary>
internal static class PackSearch
{
    internal static void Run(LoadGroup group)
    {
        while (Candidates(group).Any(host => TryEmpty(group, host)))
        {
        }
    }

    private static IEnumerable<LoadHost> Candidates(LoadGroup group) =>
        [.. group.Hosts.Where(host => host.Units.Count > 0 && host.Units.TrueForAll(unit => unit.Stays is null))
            .OrderBy(host => host.Units.Sum(unit => unit.Group.Bytes)).ThenBy(host => host.Host.Name, StringComparer.Ordinal)];

    private static bool TryEmpty(LoadGroup group, LoadHost host)
    {
        var done = new List<(LoadUnit Unit, LoadHost From)>();
        foreach (var unit in host.Units.OrderByDescending(unit => unit.Group.Memory).ThenBy(unit => unit.Index).ToList())
        {
            if (Fullest(group, unit, host) is not { } to)
                return TakeBack();
            group.Move(unit, to);
            done.Add((unit, host));
        }

        return (group.Moves.Sum(move => move.Unit.Domains.Count) <= (group.Balance.MaxMoves ?? int.MaxValue) && SpareCapacity.IsEnough(group, group.Balance.Keep)) || TakeBack();

        bool TakeBack()
        {
            for (var at = done.Count - 1; at >= 0; at--)
                group.Move(done[at].Unit, done[at].From);
            return false;
        }
    }

    /// <summary>The host in use with the least memory left that takes it; of equals the one that the fleet names first.</summary>
    private static LoadHost? Fullest(LoadGroup group, LoadUnit unit, LoadHost from) =>
        group.Hosts.Where(host => host != from && host.Units.Count > 0 && LoadGroup.MayMove(unit, host)).OrderBy(host => host.Room.Free).FirstOrDefault(host => group.Seconds(unit, host) is not null);
}
