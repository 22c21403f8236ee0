using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Running;

/// <summary>Who may begin now.</summary>
internal static class AdmissionControl
{
    /// <summary>Those that may begin beside the ones under way, in the order of the plan.</summary>
    /// <param name="waiting">Who waits, in order.</param>
    /// <param name="moving">Who is under way.</param>
    /// <param name="links">The links on their ways, and how many may be there.</param>
    /// <param name="options">The limits.</param>
    /// <param name="isAway">Whether a domain has left a place where another one is to go.</param>
    /// <param name="asMany">Whether as many begin as the limits allow, though the link has no room for them yet.</param>
    internal static IReadOnlyList<MoveState> Admit(
        IEnumerable<MoveState> waiting, IReadOnlyCollection<MoveState> moving, LinkMap links, EvacuationOptions options, Func<Guid, bool> isAway, bool asMany = false)
    {
        var occupancy = new SlotUsage(links, options);
        foreach (var move in moving)
            occupancy.Add(move);
        var admitted = new List<MoveState>();
        foreach (var move in waiting.Where(move => move.Planned.After.All(before => isAway(before.Uuid)) && occupancy.HasPlace(move)))
        {
            // One that is under way already, as it seems, is only looked after.
            if (!asMany && !move.IsInterrupted && !occupancy.HasRoom(move))
                continue;
            admitted.Add(move);
            occupancy.Add(move);
        }

        return admitted;
    }
}
