using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Evacuation.Running;

/// <summary>A domain that a process left which is no more: what both sides say is the truth, the journal only what was intended.</summary>
internal sealed class InterruptedMoveResolver(EvacuationExecutor executor, MoveState move)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Settles it; null when it is on the source and has to be moved still.</summary>
    internal async Task<MoveResult?> SettleAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var why = "a host does not answer, or its migration is broken";
        while (true)
        {
            try
            {
                var location = await LookAsync().ConfigureAwait(false);
                switch (location.Where)
                {
                    case LocationState.Arrived:
                        return await ArrivedAsync(location.Host!).ConfigureAwait(false);
                    case LocationState.AtSource:
                        await WakeAsync().ConfigureAwait(false);
                        return null;
                    case LocationState.OnItsWay:
                        if (await FollowAsync(location.Host).ConfigureAwait(false) is { } followed)
                            return followed;
                        break;
                    case LocationState.Nowhere:
                        return Unclear(Faults.DomainNotRunning, MigrationVerdict.ShutOff, "is not running on any host of its evacuation: it was shut off or lost in the meantime");
                    case LocationState.Twice:
                        return Unclear(Faults.RunsTwice, MigrationVerdict.Twice, "runs on two hosts");
                }
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                // A question without an answer says nothing of where it is.
                why = error.Message.TrimEnd('.');
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                return Unclear(Faults.OutcomeUnknown, MigrationVerdict.Unsettled, $"could not be located: {why}");
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    private async Task<DomainLocation> LookAsync()
    {
        var others = executor.HostsBeside(move.Planned.Source).ToDictionary(
            host => host.Name, host => host.Host is { } there ? LibvirtPresence.AskAsync(there, move.Uuid, CancellationToken.None) : Task.FromResult(GuestPresence.Unreachable));
        var source = await LibvirtPresence.AskAsync(executor.Host(move.Planned.Source), move.Uuid, CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAll(others.Values).ConfigureAwait(false);
        var migrates = source.IsActive && await AtSourceAsync().ConfigureAwait(false) is { Migrating: true } domain
            && (!domain.Status.IsPausedForMigration || await domain.IsSentAsync(CancellationToken.None).ConfigureAwait(false));
        return DomainLocation.Of(source, others.ToDictionary(host => host.Key, host => host.Value.Result), migrates);
    }

    private async Task<LibvirtDomain?> AtSourceAsync()
    {
        var found = await executor.Host(move.Planned.Source).GetDomainsAsync(new DomainQuery { Names = [$"{move.Uuid}"] }).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Null when it has just ended: then one has to look again.</summary>
    private async Task<MoveResult?> FollowAsync(string? destination)
    {
        move.Destination = destination ?? (move.Tried.Count > 0 ? move.Tried[^1] : move.Destination);
        var there = executor.HostUnlessLost(move.Destination);
        if (await AtSourceAsync().ConfigureAwait(false) is not { } domain
            || await domain.GetMigrationAsync(there).ConfigureAwait(false) is not { } migration)
            return null;
        await executor.Links.TakeInAsync(move, domain.Host).ConfigureAwait(false);
        await DowntimeController.TakeInAsync(move, domain, executor.Plan.Policy).ConfigureAwait(false);
        executor.Notice($"The migration of '{move.Name}' to {move.Destination} continued unattended; it is monitored again.");
        var outcome = await new MoveAttempt(executor, move).WatchAsync(migration).ConfigureAwait(false);
        if (outcome.Host is not { } host)
            return outcome;
        // That it runs on a host that is lost is more than its source can know.
        return there is null ? null : await ArrivedAsync(host).ConfigureAwait(false) with { Result = outcome.Result };
    }

    /// <summary>What our own migrations do after they have moved a domain was not done for this one.</summary>
    private async Task<MoveResult> ArrivedAsync(string host)
    {
        if (move.Autostart)
        {
            try
            {
                await executor.Host(host).CallAsync(
                    move.Uuid,
                    native => native.SetAutostart(true),
                    CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error)
            {
                executor.Notice($"'{move.Name}' has arrived on {host}, but autostart could not be set: {error.Message}");
            }
        }

        return new MoveResult(host, null, MigrationVerdict.Moved, null);
    }

    /// <summary>A guest that a migration paused which is no more runs again.</summary>
    private async Task WakeAsync()
    {
        if (await AtSourceAsync().ConfigureAwait(false) is not { State: DomainState.Paused } domain || !(domain.Status.IsPausedForMigration || move.MayBePaused))
            return;
        await domain.Host.CallAsync(
            move.Uuid,
            native => native.Resume(),
            CancellationToken.None).ConfigureAwait(false);
        executor.Notice($"'{move.Name}' was paused on {domain.HostName} by a migration that no longer exists, and was resumed.");
    }

    private MoveResult Unclear(Fault fault, MigrationVerdict verdict, string what) =>
        new(null, new LiveMigrationException(fault, $"'{move.Name}' {what}.", move.Planned.Source), verdict, null);
}
