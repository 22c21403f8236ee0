using LiveMigration.Hypervisors;
using LiveMigration.Migration;

namespace LiveMigration.Evacuation.Running;

/// <summary>Where a domain is that a process left which is no more, from what all its hosts say. Pure.</summary>
/// <param name="Where">What it does.</param>
/// <param name="Host">The host where it arrived or is to arrive; null when that is none of the destinations.</param>
internal readonly record struct DomainLocation(LocationState Where, string? Host = null)
{
    /// <param name="source">What the source says.</param>
    /// <param name="destinations">What each destination says.</param>
    /// <param name="migrates">Whether the source says that it migrates.</param>
    internal static DomainLocation Of(GuestPresence source, IReadOnlyDictionary<string, GuestPresence> destinations, bool migrates)
    {
        var (there, status) = destinations.FirstOrDefault(host => host.Value.IsActive);
        if (destinations.Count(host => host.Value.IsExecuting) + (source.IsExecuting ? 1 : 0) > 1)
            return new(LocationState.Twice, there);
        if (migrates)
            return new(LocationState.OnItsWay, there);
        if (there is not null)
        {
            return OutcomeRules.Judge(source, status, mayBePaused: true) switch
            {
                MigrationVerdict.Moved => new(LocationState.Arrived, there),
                MigrationVerdict.Stayed => new(LocationState.AtSource),
                // It has just ended, or is just ending.
                MigrationVerdict.Unsettled or MigrationVerdict.InPostCopy => new(LocationState.OnItsWay, there),
                _ => new(LocationState.Unclear, there),
            };
        }

        // A guest that is paused at the source may run where nobody answers: it is woken only when all have said that they do not have it.
        if (source.IsActive)
        {
            var mayRunElsewhere = !source.IsExecuting && destinations.Values.Any(host => !host.IsReachable);
            return new(source.State is GuestState.PostCopyFailed || mayRunElsewhere ? LocationState.Unclear : LocationState.AtSource);
        }

        return new(source.IsReachable && destinations.Values.All(host => host.IsReachable) ? LocationState.Nowhere : LocationState.Unclear);
    }
}
