using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Evacuation.Running;

/// <summary>One attempt to move a domain: finds out where it is if that is open, writes down what it is about to do, and does it.</summary>
internal sealed class Carriage(Conductor conductor, Journey journey)
{
    /// <summary>A guest that is to be paused is paused after this, when the migration has well begun.</summary>
    private static readonly TimeSpan UntilPause = TimeSpan.FromSeconds(1);

    private LibvirtHost Source => conductor.Host(journey.Move.Source);

    internal async Task<Outcome> CarryAsync()
    {
        journey.Ending = null;
        try
        {
            if (journey.IsFoundling && await new Foundling(conductor, journey).SettleAsync().ConfigureAwait(false) is { } found)
                return found;
            if (conductor.IsLost(journey.Destination))
                return new Outcome(null, new LiveMigrationException(Faults.HostUnreachable, $"{journey.Destination}, the destination of '{journey.Name}', does not answer.", journey.Destination), null, null);
            // Whatever fails from here on counts as a try: they have an end.
            journey.Tried.Add(journey.Destination);
            var options = await OptionsAsync().ConfigureAwait(false);
            conductor.Journal.Attempt(journey.Uuid, journey.Destination, pauses: options.OnTimeout is TimeoutAction.Suspend);
            var domain = await Source.GetDomainAsync($"{journey.Uuid}").ConfigureAwait(false);
            options = conductor.Plan.Policy.For(domain, options) with { MaxDowntime = await ShortPause.BeginAsync(journey, domain, conductor.Plan.Policy).ConfigureAwait(false) };
            var destination = conductor.Host(journey.Destination);
            if (await domain.GetMigrationAsync(destination).ConfigureAwait(false) is { } already)
                // Somebody else's: never two of one domain.
                return await WatchAsync(already).ConfigureAwait(false);
            var plan = await domain.PlanMigrationAsync(destination, options).ConfigureAwait(false);
            if (conductor.Aborts)
                return new Outcome(null, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{journey.Name}' was stopped before it started.", journey.Move.Source), null, null);
            return await WatchAsync(plan.Start()).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            var known = error as LiveMigrationException ?? new LiveMigrationException(Faults.HostUnreachable, error.Message, journey.Move.Source, error);
            return new Outcome(null, known, null, null);
        }
    }

    /// <summary>Waits for the end of a migration, and tells what came of it.</summary>
    internal async Task<Outcome> WatchAsync(MigrationRun migration)
    {
        migration.Noticed += (_, notice) => conductor.Notice(notice);
        journey.Run = migration;
        conductor.Started(migration);
        var result = await migration.Completion.ConfigureAwait(false);
        if (result.Verdict is MigrationVerdict.Moved)
            return new Outcome(journey.Destination, null, result.Verdict, result);
        // What we ended ourselves ended for our reason.
        var error = journey.Ending is { } reason ? new LiveMigrationException(reason.Fault, $"{reason.Message} {result.Error}", reason.Host)
            : result.ToException() ?? new LiveMigrationException(Faults.OutcomeUnknown, $"The migration of '{journey.Name}' continues unattended.", journey.Move.Source);
        if (conductor.Plan.Policy is { OnDeadline: OnDeadline.Leave, Deadline: { } deadline } && DateTimeOffset.Now >= deadline)
            error = new LiveMigrationException(Faults.DeadlineMissed, error.Message, error.Host, error);
        return new Outcome(null, error, result.Verdict, result);
    }

    private async Task<MigrationOptions> OptionsAsync()
    {
        var options = conductor.Plan.Policy.Migration;
        var punctuality = conductor.Punctuality(journey);
        options = options with { Timeout = punctuality.Timeout, OnTimeout = punctuality.Action };
        if (journey.Pauses)
            options = options with { Timeout = UntilPause, OnTimeout = TimeoutAction.Suspend };
        return options with
        {
            Bandwidth = await conductor.Links.BeginAsync(journey, Source).ConfigureAwait(false),
            Compression = conductor.Plan.Policy.Compression ?? conductor.Links.Compression(journey),
        };
    }
}
