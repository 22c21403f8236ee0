namespace LiveMigration.Evacuation.Running;

/// <summary>Who has to be with whom, and who must not.</summary>
internal static class AffinityRules
{
    /// <summary>Whether a host is the wrong one for a domain because of where others of its groups are, or are bound for.</summary>
    /// <param name="move">Whose other destination is looked for.</param>
    /// <param name="host">The host.</param>
    /// <param name="moves">All, itself included.</param>
    internal static bool Bars(MoveState move, string host, IEnumerable<MoveState> moves) =>
        moves.Any(other => other != move && other.State is not EvacuatedState.Stayed
            && (other.Destination == host ? IsApart(move, other) : IsTogether(move, other)));

    private static bool IsApart(MoveState one, MoveState other) => one.Planned.Domain.AntiAffinityGroup is { } group && group == other.Planned.Domain.AntiAffinityGroup;

    private static bool IsTogether(MoveState one, MoveState other) => one.Planned.Domain.AffinityGroup is { } group && group == other.Planned.Domain.AffinityGroup;
}
