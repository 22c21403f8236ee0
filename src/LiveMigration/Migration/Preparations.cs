using LiveMigration.Errors;
using LiveMigration.Migration.Affinity;
using LiveMigration.Planning;
using LiveMigration.Storage.Images;

namespace LiveMigration.Migration;

/// <summary>What a migration changes on its hosts before it begins, and puts back when it is over.</summary>
internal sealed class Preparations(MigrationPlan plan, MigrationRun run)
{
    /// <summary>How long a destination may be out of reach until what was made there is left to it.</summary>
    private static readonly TimeSpan LinkPatience = TimeSpan.FromSeconds(30);

    private DestinationImages? _images;
    private ulong? _downtimeBefore;
    private AffinityEntry? _pinned;

    /// <summary>Images for disks that are copied, the downtime, the migration's CPUs; what was done before one fails is put back as well.</summary>
    internal async Task MakeAsync()
    {
        _images = await DestinationImages.MakeAsync(plan.Domain.Uuid, plan.Destination, plan.Disks, CancellationToken.None).ConfigureAwait(false);
        _downtimeBefore = await SetDowntimeAsync().ConfigureAwait(false);
        _pinned = await MigrationAffinity.NoteAsync(plan, CancellationToken.None).ConfigureAwait(false);
        if (_pinned is not null)
            await MigrationAffinity.PinAsync(plan, _pinned, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A migration that goes on without us, or that stands still in two halves, keeps its pinning until it is over.</summary>
    internal async Task LeaveAsync()
    {
        if (_pinned is null)
            return;
        AffinityJournal.Release(_pinned);
        try
        {
            await plan.Source.RecoverAffinityAsync().ConfigureAwait(false);
            await plan.Destination.RecoverAffinityAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // With the next connection, then.
        }
    }

    /// <summary>Puts back what the verdict allows: what is not known for certain stays, and is told.</summary>
    internal async Task PutBackAsync(Settlement settlement, bool suspended)
    {
        if (settlement.Verdict is MigrationVerdict.Moved or MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)
            await UnpinAsync(settlement).ConfigureAwait(false);
        else
            await LeaveAsync().ConfigureAwait(false);
        await SettleImagesAsync(settlement).ConfigureAwait(false);
        if (settlement.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)
            await PutGuestBackAsync(settlement, suspended).ConfigureAwait(false);
    }

    private async Task<ulong?> SetDowntimeAsync()
    {
        // A policy sets it later; what it was has to be known for putting it back.
        if (plan.Options.Offline || (plan.Options.MaxDowntime is null && run.Policy is null))
            return null;
        return await plan.Source.CallAsync(
            plan.Domain.Uuid,
            native =>
            {
                var before = native.GetMaxDowntime();
                if (plan.Options.MaxDowntime is { } wanted)
                    native.SetMaxDowntime((ulong)wanted.Milliseconds);
                return before;
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    private async Task UnpinAsync(Settlement settlement)
    {
        if (_pinned is not { } pinned)
            return;
        var host = settlement.Verdict is MigrationVerdict.Moved ? plan.Destination : plan.Source;
        try
        {
            await MigrationAffinity.UnpinAsync(host, pinned, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            AffinityJournal.Release(pinned);
            run.Notice($"The CPU pinning of '{run.Name}' on {host.Name} could not be restored: {error.Message} It is restored the next time {host.Name} is connected.");
        }
    }

    /// <summary>A domain that is active on the source was not handed over; one that ended there must not be on the destination either.</summary>
    private static bool RunsWithoutThem(Settlement settlement) => settlement switch
    {
        { Verdict: MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, Source.Status.IsActive: true } => true,
        { Source.Status.WasEnded: true, Verdict: MigrationVerdict.Stayed or MigrationVerdict.ShutOff, Destination: { IsReachable: true, Status: null or { IsActive: false } } } => true,
        _ => false,
    };

    /// <summary>Images that were made for it belong to a domain that has moved, and are removed when it is known to be on the source.</summary>
    private async Task SettleImagesAsync(Settlement settlement)
    {
        if (_images is not { } images)
            return;
        if (settlement.Verdict is MigrationVerdict.Moved)
            images.HandOver();
        else if (RunsWithoutThem(settlement))
            Tell(await images.RemoveAsync(LinkPatience).ConfigureAwait(false));
        else
            Tell(images.Kept($"'{run.Name}' may still need it"));

        void Tell(IReadOnlyList<string> notices)
        {
            foreach (var notice in notices)
                run.Notice(notice);
        }
    }

    /// <summary>What a failed migration leaves changed on the source is put back: a guest that we paused, its downtime.</summary>
    private async Task PutGuestBackAsync(Settlement settlement, bool suspended)
    {
        var paused = settlement.Verdict is MigrationVerdict.StayedPaused || (suspended && settlement.Source.Status is { IsExecuting: false });
        try
        {
            await plan.Source.CallAsync(
                plan.Domain.Uuid,
                native =>
                {
                    if (paused && plan.Domain.Status.IsExecuting)
                        native.Resume();
                    if (_downtimeBefore is { } before)
                        native.SetMaxDowntime(before);
                    return true;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            run.Notice($"'{run.Name}' on {run.Source} could not be restored to its previous state: {error.Message}");
        }
    }
}
