namespace LiveMigration.Evacuation.Running;

/// <summary>Who has to be with whom, and who must not.</summary>
internal static class Company
{
    /// <summary>Whether a host is the wrong one for a domain because of where others of its groups are, or are bound for.</summary>
    /// <param name="journey">Whose other destination is looked for.</param>
    /// <param name="host">The host.</param>
    /// <param name="journeys">All, itself included.</param>
    internal static bool Bars(Journey journey, string host, IEnumerable<Journey> journeys) =>
        journeys.Any(other => other != journey && other.State is not EvacuatedState.Stayed
            && (other.Destination == host ? IsApart(journey, other) : IsTogether(journey, other)));

    private static bool IsApart(Journey one, Journey other) => one.Move.Domain.AntiAffinityGroup is { } group && group == other.Move.Domain.AntiAffinityGroup;

    private static bool IsTogether(Journey one, Journey other) => one.Move.Domain.AffinityGroup is { } group && group == other.Move.Domain.AffinityGroup;
}
