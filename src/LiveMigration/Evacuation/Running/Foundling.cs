using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Evacuation.Running;

/// <summary>A domain that a process left which is no more: what both sides say is the truth, the journal only what was intended.</summary>
internal sealed class Foundling(Conductor conductor, Journey journey)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Settles it; null when it is on the source and has to be moved still.</summary>
    internal async Task<Outcome?> SettleAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var why = "a host does not answer, or its migration is broken";
        while (true)
        {
            try
            {
                var sighting = await LookAsync().ConfigureAwait(false);
                switch (sighting.Where)
                {
                    case Whereto.Arrived:
                        return await ArrivedAsync(sighting.Host!).ConfigureAwait(false);
                    case Whereto.AtSource:
                        await WakeAsync().ConfigureAwait(false);
                        return null;
                    case Whereto.OnItsWay:
                        if (await FollowAsync(sighting.Host).ConfigureAwait(false) is { } followed)
                            return followed;
                        break;
                    case Whereto.Nowhere:
                        return Unclear(Faults.DomainNotRunning, MigrationVerdict.ShutOff, "is not running on any host of its evacuation: it was shut off or lost in the meantime");
                    case Whereto.Twice:
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

    private async Task<Sighting> LookAsync()
    {
        var others = conductor.HostsBeside(journey.Move.Source).ToDictionary(
            host => host.Name, host => host.Host is { } there ? LibvirtPresence.AskAsync(there, journey.Uuid, CancellationToken.None) : Task.FromResult(GuestPresence.Unreachable));
        var source = await LibvirtPresence.AskAsync(conductor.Host(journey.Move.Source), journey.Uuid, CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAll(others.Values).ConfigureAwait(false);
        var migrates = source.IsActive && await AtSourceAsync().ConfigureAwait(false) is { Migrating: true } domain
            && (!domain.Status.IsPausedForMigration || await domain.IsSentAsync(CancellationToken.None).ConfigureAwait(false));
        return Sighting.Of(source, others.ToDictionary(host => host.Key, host => host.Value.Result), migrates);
    }

    private async Task<LibvirtDomain?> AtSourceAsync()
    {
        var found = await conductor.Host(journey.Move.Source).GetDomainsAsync(new DomainQuery { Names = [$"{journey.Uuid}"] }).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Null when it has just ended: then one has to look again.</summary>
    private async Task<Outcome?> FollowAsync(string? destination)
    {
        journey.Destination = destination ?? (journey.Tried.Count > 0 ? journey.Tried[^1] : journey.Destination);
        var there = conductor.HostUnlessLost(journey.Destination);
        if (await AtSourceAsync().ConfigureAwait(false) is not { } domain
            || await domain.GetMigrationAsync(there).ConfigureAwait(false) is not { } migration)
            return null;
        await conductor.Links.TakeInAsync(journey, domain.Host).ConfigureAwait(false);
        await ShortPause.TakeInAsync(journey, domain, conductor.Plan.Policy).ConfigureAwait(false);
        conductor.Notice($"The migration of '{journey.Name}' to {journey.Destination} continued unattended; it is monitored again.");
        var outcome = await new Carriage(conductor, journey).WatchAsync(migration).ConfigureAwait(false);
        if (outcome.Host is not { } host)
            return outcome;
        // That it runs on a host that is lost is more than its source can know.
        return there is null ? null : await ArrivedAsync(host).ConfigureAwait(false) with { Result = outcome.Result };
    }

    /// <summary>What our own migrations do after they have moved a domain was not done for this one.</summary>
    private async Task<Outcome> ArrivedAsync(string host)
    {
        if (journey.Autostart)
        {
            try
            {
                await conductor.Host(host).CallAsync(
                    journey.Uuid,
                    native => native.SetAutostart(true),
                    CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error)
            {
                conductor.Notice($"'{journey.Name}' has arrived on {host}, but autostart could not be set: {error.Message}");
            }
        }

        return new Outcome(host, null, MigrationVerdict.Moved, null);
    }

    /// <summary>A guest that a migration paused which is no more runs again.</summary>
    private async Task WakeAsync()
    {
        if (await AtSourceAsync().ConfigureAwait(false) is not { State: DomainState.Paused } domain || !(domain.Status.IsPausedForMigration || journey.MayBePaused))
            return;
        await domain.Host.CallAsync(
            journey.Uuid,
            native => native.Resume(),
            CancellationToken.None).ConfigureAwait(false);
        conductor.Notice($"'{journey.Name}' was paused on {domain.HostName} by a migration that no longer exists, and was resumed.");
    }

    private Outcome Unclear(Fault fault, MigrationVerdict verdict, string what) =>
        new(null, new LiveMigrationException(fault, $"'{journey.Name}' {what}.", journey.Move.Source), verdict, null);
}
