using LiveMigration.Hypervisors;

namespace LiveMigration.Migration;

/// <summary>The truth table: what both hosts say → where the guest is. Everything after a migration depends on it alone.</summary>
internal static class OutcomeRules
{
    /// <param name="source">What the source says.</param>
    /// <param name="destination">What the destination says.</param>
    /// <param name="mayBePaused">Whether the guest was paused on purpose, and so may rightly be paused after.</param>
    /// <param name="begun">Whether it may have been handed over: false where nothing was sent.</param>
    internal static MigrationVerdict Judge(GuestPresence source, GuestPresence destination, bool mayBePaused, bool begun = true)
    {
        if (source.State is GuestState.PostCopyFailed || destination.State is GuestState.PostCopyFailed)
            // What the destination had of the guest went with its process: there is nothing to join the source's half with.
            return destination.IsGone && !source.IsExecuting ? Ended(source, destination) : MigrationVerdict.PostCopyBroken;
        if (source.State is GuestState.PostCopy || destination.State is GuestState.PostCopy)
            // One half without the other is not in post-copy: the hypervisor will say that it failed, or that it is through.
            return destination.IsGone || source.State is GuestState.Crashed ? MigrationVerdict.Unsettled
                : source.IsGone && destination.IsExecuting ? MigrationVerdict.Moved
                : MigrationVerdict.InPostCopy;

        var (here, there) = (Lives(source, mayBePaused), Lives(destination, mayBePaused));
        if (here && there)
            return source.IsExecuting && destination.IsExecuting ? MigrationVerdict.Twice : MigrationVerdict.Unsettled;
        // A host hands over only a guest that it has stopped: one that executes on this side was not handed over, whatever
        // the silent other side would say.
        if (there && (source.IsGone || !source.IsReachable))
            return MigrationVerdict.Moved;
        if (here && (destination.IsGone || (!destination.IsReachable && (source.IsExecuting || !begun))))
            return MigrationVerdict.Stayed;
        if (source.State is GuestState.PausedForMigration && destination.IsGone)
            return MigrationVerdict.StayedPaused;
        return source.IsGone && destination.IsGone ? Ended(source, destination) : MigrationVerdict.Unsettled;
    }

    /// <summary>The same for a definition that moves without a guest.</summary>
    internal static MigrationVerdict JudgeOffline(GuestPresence source, GuestPresence destination, bool keepSource)
    {
        if (!source.IsReachable || !destination.IsReachable)
            return MigrationVerdict.Unsettled;
        if (destination.State is GuestState.Absent)
            return source.State is GuestState.Absent ? MigrationVerdict.Lost : MigrationVerdict.Stayed;
        return keepSource || source.State is GuestState.Absent ? MigrationVerdict.Moved : MigrationVerdict.Unsettled;
    }

    /// <summary>Where only the source can be asked: a guest that left it by migration has moved.</summary>
    /// <param name="source">What the source says.</param>
    /// <param name="completed">Whether the source reported that the migration is complete.</param>
    internal static MigrationVerdict JudgeSourceAlone(GuestPresence source, bool completed) =>
        source.State is GuestState.MigratedAway || (source.State is GuestState.Absent && completed)
            ? MigrationVerdict.Moved
            // A guest in post-copy has its other half somewhere, though nobody can be asked about it.
            : Judge(source, source.IsPostCopy ? GuestPresence.Unreachable : GuestPresence.Absent, mayBePaused: true);

    private static MigrationVerdict Ended(GuestPresence source, GuestPresence destination) =>
        source.State is not GuestState.Crashed && destination.State is not GuestState.Crashed
        && (source.State is GuestState.Ended || destination.State is GuestState.Ended)
            ? MigrationVerdict.ShutOff
            : MigrationVerdict.Lost;

    // Stopped for a reason of its own (an I/O error, say) it is still the one copy; the user sees the reason.
    private static bool Lives(GuestPresence guest, bool mayBePaused) =>
        guest.IsExecuting || guest.State is GuestState.Paused or GuestState.PausedByError || (mayBePaused && guest.State is GuestState.PausedUnexplained);
}
