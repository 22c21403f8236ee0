using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Checks.State;

namespace LiveMigration.Evacuation.Running;

/// <summary>One attempt to move a domain: finds out where it is if that is open, writes down what it is about to do, and does it.</summary>
internal sealed class MoveAttempt(EvacuationExecutor executor, MoveState move)
{
    /// <summary>A guest that is to be paused is paused after this, when the migration has well begun.</summary>
    private static readonly TimeSpan UntilPause = TimeSpan.FromSeconds(1);

    /// <summary>Backups and snapshots are often over within seconds: libvirt, too, waits this long for the VM's lock.</summary>
    private static readonly TimeSpan JobPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan JobPause = TimeSpan.FromSeconds(2);

    private LibvirtHost Source => executor.Host(move.Planned.Source);

    internal async Task<MoveResult> CarryAsync()
    {
        move.Ending = null;
        try
        {
            if (move.IsInterrupted && await new InterruptedMoveResolver(executor, move).SettleAsync().ConfigureAwait(false) is { } found)
                return found;
            if (executor.IsLost(move.Destination))
                return new MoveResult(null, new LiveMigrationException(Faults.HostUnreachable, $"{move.Destination}, the destination of '{move.Name}', does not answer.", move.Destination), null, null);
            // Whatever fails from here on counts as a try: they have an end.
            move.Tried.Add(move.Destination);
            var options = await OptionsAsync().ConfigureAwait(false);
            executor.Journal.Attempt(move.Uuid, move.Destination, pauses: options.OnTimeout is TimeoutAction.Suspend);
            var domain = await Source.GetDomainAsync($"{move.Uuid}").ConfigureAwait(false);
            options = executor.Plan.Policy.For(domain, options) with { MaxDowntime = await DowntimeController.BeginAsync(move, domain, executor.Plan.Policy).ConfigureAwait(false) };
            var destination = executor.Host(move.Destination);
            if (await domain.GetMigrationAsync(destination).ConfigureAwait(false) is { } already)
                // Somebody else's: never two of one domain.
                return await WatchAsync(already).ConfigureAwait(false);
            var plan = await PlanAsync(domain, destination, options).ConfigureAwait(false);
            if (executor.Aborts)
                return new MoveResult(null, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{move.Name}' was stopped before it started.", move.Planned.Source), null, null);
            var waits = options.Bandwidth is { } share && share.BytesPerSecond < executor.Links.Fastest(move) / 2;
            return await WatchAsync((plan with { WaitsForLink = waits }).Start()).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            var known = error as LiveMigrationException ?? new LiveMigrationException(Faults.HostUnreachable, error.Message, move.Planned.Source, error);
            return new MoveResult(null, known, null, null);
        }
    }

    /// <summary>The hosts are looked at as they are now, by the same checks as when the evacuation was planned: a plan may be old, and what is in the way is not told to libvirt first.</summary>
    private async Task<MigrationPlan> PlanAsync(LibvirtDomain domain, LibvirtHost destination, MigrationOptions options)
    {
        if (ReadinessSelection.BlockersBut(executor.Plan.Policy.SkipReadiness) is not { } blockers)
            return await domain.PlanMigrationAsync(destination, options).ConfigureAwait(false);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await new ReadinessAudit(selection: blockers).PlanAsync(domain, destination, options).ConfigureAwait(false);
            }
            catch (NotReadyException refusal) when (IsBusy(refusal.Report) && waited.Elapsed < JobPatience && !executor.Aborts)
            {
                await Task.Delay(JobPause).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether nothing but another job of the VM, which ends, is in the way.</summary>
    internal static bool IsBusy(ReadinessReport report) => report.Blockers is { Count: > 0 } blockers && blockers.All(finding => finding.Check == nameof(NoJob));

    /// <summary>Waits for the end of a migration, and tells what came of it.</summary>
    internal async Task<MoveResult> WatchAsync(MigrationRun migration)
    {
        migration.Noticed += (_, notice) => executor.Notice(notice);
        move.Run = migration;
        executor.Started(migration);
        var result = await migration.Completion.ConfigureAwait(false);
        if (result.Verdict is MigrationVerdict.Moved)
            return new MoveResult(move.Destination, null, result.Verdict, result);
        // What we ended ourselves ended for our reason.
        var error = move.Ending is { } reason ? new LiveMigrationException(reason.Fault, $"{reason.Message} {result.Error}", reason.Host)
            : result.ToException() ?? new LiveMigrationException(Faults.OutcomeUnknown, $"The migration of '{move.Name}' continues unattended.", move.Planned.Source);
        if (executor.Plan.Policy is { OnDeadline: OnDeadline.Leave, Deadline: { } deadline } && DateTimeOffset.Now >= deadline)
            error = new LiveMigrationException(Faults.DeadlineMissed, error.Message, error.Host, error);
        return new MoveResult(null, error, result.Verdict, result);
    }

    private async Task<MigrationOptions> OptionsAsync()
    {
        var options = executor.Plan.Policy.Migration;
        var deadline = executor.Deadline(move);
        options = options with { Timeout = deadline.Timeout, OnTimeout = deadline.Action };
        if (move.Pauses)
            options = options with { Timeout = UntilPause, OnTimeout = TimeoutAction.Suspend };
        return options with
        {
            Bandwidth = await executor.Links.BeginAsync(move, Source).ConfigureAwait(false),
            Compression = executor.Plan.Policy.Compression ?? executor.Links.Compression(move),
        };
    }
}
