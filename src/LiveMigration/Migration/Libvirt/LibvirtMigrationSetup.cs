using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors;
using LiveMigration.Migration.Affinity;
using LiveMigration.Migration.Reservations;
using LiveMigration.Planning;
using LiveMigration.Storage.Images;

namespace LiveMigration.Migration.Libvirt;

/// <summary>What a migration changes on its hosts before it begins, and puts back when it is over.</summary>
internal sealed class LibvirtMigrationSetup(MigrationPlan plan, MigrationRun run) : IMigrationSetup
{
    /// <summary>How long a destination may be out of reach until what was made there is left to it.</summary>
    private static readonly TimeSpan LinkPatience = TimeSpan.FromSeconds(30);

    private readonly Reserved _reserved = new(plan, run);
    private readonly AffinityJournal _affinity = new(plan.Source.State);
    private DestinationImages? _images;
    private ulong? _downtimeBefore;
    private AffinityEntry? _pinned;

    /// <summary>Reserved memory and space, images for disks that are copied, the downtime, the migration's CPUs.</summary>
    public async Task MakeAsync()
    {
        await _reserved.TakeAsync().ConfigureAwait(false);
        _images = await DestinationImages.MakeAsync(plan.Domain.Uuid, plan.Destination, plan.Disks, CancellationToken.None).ConfigureAwait(false);
        _downtimeBefore = await SetDowntimeAsync().ConfigureAwait(false);
        _pinned = await MigrationAffinity.NoteAsync(plan, _affinity, CancellationToken.None).ConfigureAwait(false);
        if (_pinned is not null)
            await MigrationAffinity.PinAsync(plan, _pinned, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The pinning is kept.</summary>
    public async Task LeaveAsync()
    {
        if (_pinned is null)
            return;
        _affinity.Release(_pinned);
        try
        {
            await plan.Source.RecoverAffinityAsync().ConfigureAwait(false);
            await plan.Destination.RecoverAffinityAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            // With the next connection, then.
        }
    }

    public async Task PutBackAsync(OutcomeProbe outcome, bool suspended, bool lostTouch)
    {
        if (lostTouch && outcome.Verdict is MigrationVerdict.Stayed && plan.Disks.Any(disk => disk.Transfer is not Storage.DiskTransfer.None))
            run.Notice($"The connection to {run.Source} was lost while disks of '{run.Name}' were copied. If its daemon ended, parts of the copy may be left in QEMU, and the next one fails: Test-MigrationReadiness -Check LM110 -AllowMonitor shows them, and Repair-MigrationReadiness removes them.");
        // The guest does not wait for what may take long, or fail.
        if (outcome.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)
            await PutGuestBackAsync(outcome, suspended).ConfigureAwait(false);
        try
        {
            await (outcome.Verdict is MigrationVerdict.Moved or MigrationVerdict.Stayed or MigrationVerdict.StayedPaused ? UnpinAsync(outcome) : LeaveAsync()).ConfigureAwait(false);
        }
        finally
        {
            await SettleImagesAsync(outcome).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<VerifiedFact>> VerifyAsync(OutcomeProbe outcome, bool reported, TimeSpan? pause) =>
        new PostMigrationVerifier(plan, run).VerifyAsync(outcome, reported, pause);

    public void Dispose() => _reserved.Dispose();

    private async Task<ulong?> SetDowntimeAsync()
    {
        // A policy sets it later; what it was has to be known for putting it back.
        if (plan.Options.Offline || (plan.Options.MaxDowntime is null && run.Policy is null))
            return null;
        var order = new Order<ulong>(
            plan.Source,
            connection =>
            {
                using var native = connection.LookupByUuid(plan.Domain.Uuid);
                var before = native.GetMaxDowntime();
                if (plan.Options.MaxDowntime is { } wanted)
                    native.SetMaxDowntime((ulong)wanted.Milliseconds);
                return before;
            },
            (connection, before) =>
            {
                using var native = connection.LookupByUuid(plan.Domain.Uuid);
                if (plan.Options.MaxDowntime is not null)
                    native.SetMaxDowntime(before);
            });
        return await order.GiveAsync(plan.Source.Options.CallTimeout, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task UnpinAsync(OutcomeProbe outcome)
    {
        if (_pinned is not { } pinned)
            return;
        var host = outcome.Verdict is MigrationVerdict.Moved ? plan.Destination : plan.Source;
        try
        {
            await MigrationAffinity.UnpinAsync(host, pinned, _affinity, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            _affinity.Release(pinned);
            run.Notice($"The CPU pinning of '{run.Name}' on {host.Name} could not be restored: {error.Message} It is restored the next time {host.Name} is connected.");
        }
    }

    /// <summary>A domain that is active on the source was not handed over; one that ended there must not be on the destination either.</summary>
    private static bool RunsWithoutThem(OutcomeProbe outcome) => outcome switch
    {
        { Verdict: MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, Source.IsActive: true } => true,
        { Source.State: GuestState.Ended, Verdict: MigrationVerdict.Stayed or MigrationVerdict.ShutOff, Destination.IsGone: true } => true,
        _ => false,
    };

    /// <summary>Images that were made for it belong to a domain that has moved, and are removed when it is known to be on the source.</summary>
    private async Task SettleImagesAsync(OutcomeProbe outcome)
    {
        if (_images is not { } images)
            return;
        if (outcome.Verdict is MigrationVerdict.Moved)
            images.HandOver();
        else if (RunsWithoutThem(outcome))
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
    private async Task PutGuestBackAsync(OutcomeProbe outcome, bool suspended)
    {
        var paused = outcome.Verdict is MigrationVerdict.StayedPaused || (suspended && outcome.Source is { IsReachable: true, IsExecuting: false });
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
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            run.Notice($"'{run.Name}' on {run.Source} could not be restored to its previous state: {error.Message}");
        }
    }
}
