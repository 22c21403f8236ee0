using LiveMigration.Domains;

namespace LiveMigration.Migration;

/// <summary>The truth table: what both hosts say → where the domain is. Everything after a migration depends on it alone.</summary>
internal static class Whereabouts
{
    /// <param name="source">What the source says.</param>
    /// <param name="destination">What the destination says.</param>
    /// <param name="mayBePaused">Whether the domain was paused on purpose, and so may rightly be paused after.</param>
    internal static MigrationVerdict Judge(Placement source, Placement destination, bool mayBePaused)
    {
        if (source.Status is { IsPostCopyFailed: true } || destination.Status is { IsPostCopyFailed: true })
            // What the destination had of the guest went with its process: there is nothing to join the source's half with.
            return destination.IsGone && source.Status is not { IsExecuting: true } ? Ended(source, destination) : MigrationVerdict.PostCopyBroken;
        if (source.Status is { IsPostCopy: true } || destination.Status is { IsPostCopy: true })
            // One half without the other is not in post-copy: libvirt will say of it that it failed, or that it is through.
            return destination.IsGone || source.Status is { HasCrashed: true } ? MigrationVerdict.Unsettled
                : source.IsGone && destination.Status is { IsExecuting: true } ? MigrationVerdict.Moved
                : MigrationVerdict.InPostCopy;

        var (here, there) = (Lives(source, mayBePaused), Lives(destination, mayBePaused));
        if (here && there)
            return source.Status is { IsExecuting: true } && destination.Status is { IsExecuting: true } ? MigrationVerdict.Twice : MigrationVerdict.Unsettled;
        // A host hands over only a guest that it has stopped: one that executes on this side was not handed over, whatever
        // the silent other side would say.
        if (there && (source.IsGone || !source.IsReachable))
            return MigrationVerdict.Moved;
        if (here && (destination.IsGone || !destination.IsReachable))
            return MigrationVerdict.Stayed;
        if (source.Status is { IsPausedForMigration: true } && destination.IsGone)
            return MigrationVerdict.StayedPaused;
        return source.IsGone && destination.IsGone ? Ended(source, destination) : MigrationVerdict.Unsettled;
    }

    /// <summary>The same for a definition that moves without a guest.</summary>
    internal static MigrationVerdict JudgeOffline(Placement source, Placement destination, bool keepSource)
    {
        if (!source.IsReachable || !destination.IsReachable)
            return MigrationVerdict.Unsettled;
        if (destination.Status is null)
            return source.Status is null ? MigrationVerdict.Lost : MigrationVerdict.Stayed;
        return keepSource || source.Status is null ? MigrationVerdict.Moved : MigrationVerdict.Unsettled;
    }

    private static MigrationVerdict Ended(Placement source, Placement destination) =>
        source.Status is not { HasCrashed: true } && destination.Status is not { HasCrashed: true }
        && (source.Status is { WasEnded: true } || destination.Status is { WasEnded: true })
            ? MigrationVerdict.ShutOff
            : MigrationVerdict.Lost;

    private static bool Lives(Placement placement, bool mayBePaused) => placement.Status switch
    {
        { IsExecuting: true } => true,
        { IsPausedForMigration: true } => false,
        // Stopped for a reason of its own (an I/O error, say) it is still the one copy; the user sees the reason.
        // A guest that panicked is kept as it was (on_crash preserve).
        { State: DomainState.Crashed } => true,
        { State: DomainState.Paused or DomainState.PmSuspended } status => mayBePaused || status.ReasonCode is not 0,
        _ => false,
    };
}
