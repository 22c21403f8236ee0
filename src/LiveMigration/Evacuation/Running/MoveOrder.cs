namespace LiveMigration.Evacuation.Running;

/// <summary>Who begins before whom.</summary>
internal static class MoveOrder
{
    /// <summary>The first to move: the smallest ones of those that need not wait for another one, which would wait for them.</summary>
    internal static IEnumerable<MoveState> Canaries(IEnumerable<MoveState> moves, int count) =>
        moves.Where(move => move.Planned.After.Count == 0).OrderBy(move => TransferSize.Of(move.Planned.Domain)).ThenBy(move => move.Uuid).Take(count);

    /// <summary>One that was to leave the destination first and has not: its room is not free. Null while that can still happen, or has.</summary>
    /// <param name="move">The one that waits.</param>
    /// <param name="moves">All, by their UUIDs. One that is not among them had left before the run began.</param>
    internal static MoveState? Blocker(MoveState move, IReadOnlyDictionary<Guid, MoveState> moves) =>
        move.Planned.After.Select(before => moves.GetValueOrDefault(before.Uuid))
            .FirstOrDefault(before => before is { IsOver: true, State: not EvacuatedState.Moved } && before.Planned.Source == move.Destination);
}
