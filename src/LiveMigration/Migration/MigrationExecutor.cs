using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;
using LiveMigration.Tracing;

namespace LiveMigration.Migration;

/// <summary>Carries out one migration, from the first change on a host to the verdict. It knows no hypervisor.</summary>
/// <param name="run">The migration.</param>
/// <param name="driver">What carries it out.</param>
/// <param name="setup">What is changed on the hosts around it.</param>
/// <param name="rejoins">Whether it joins the halves of a post-copy that broke.</param>
internal sealed class MigrationExecutor(MigrationRun run, IMigrationDriver driver, IMigrationSetup setup, bool rejoins = false)
{
    /// <summary>How long an aborted attempt may take to end: libvirt's own keep-alive to a dead peer is 30 s.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(45);

    /// <summary>How long an attempt may wait for the other half of a post-copy that broke.</summary>
    private static readonly TimeSpan BrokenPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a half may take to notice that it was parted from the other: a busy QEMU 7.2 took more than ten seconds.</summary>
    private static readonly TimeSpan PartedPatience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan RejoinInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PreparingInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SignalPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long two hosts that answer may take to agree on where the guest is.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(15);

    private readonly MigrationSupervisor _supervisor = new(run, driver);

    /// <summary>Whether our connection to the source was lost while it migrated: the hosts do without us, and know more than the error.</summary>
    private bool _lostTouch;

    /// <summary>The attempt that was begun last.</summary>
    private Task<DriverFailure?>? _attempt;

    /// <summary>
    /// Whether the hypervisor said that it has ended, or it cannot begin any more: an abort that the source accepted keeps what has sent nothing
    /// from it.
    /// </summary>
    private bool IsOver => _attempt switch
    {
        null => true,
        { IsCompleted: true } => !_lostTouch,
        _ => _supervisor.IsAborted && !_supervisor.MayBeHandedOver,
    };

    internal async Task<MigrationResult> RunAsync()
    {
        using var span = Tracer.Begin("migrate", run.Source)?.SetTag("livemigration.domain", run.Name).SetTag("livemigration.destination", run.Destination);
        var result = await CarryOutAsync().ConfigureAwait(false);
        span?.SetTag("livemigration.outcome", result.Outcome.ToString()).SetTag("livemigration.mode", result.Mode.ToString());
        Tracer.Say($"'{run.Name}': {result.Outcome} after {new Units.Duration(result.TotalTime)}{(result.Downtime is { } downtime ? $", downtime {new Units.Duration(downtime)}" : "")}, {(result.Transferred is { } bytes ? $"{new Units.ByteSize(bytes)}" : "an unknown amount")} transferred in {result.Iterations} iterations, {result.Mode}{(result.PostCopy ? ", post-copy" : "")}.");
        return result;
    }

    private async Task<MigrationResult> CarryOutAsync()
    {
        await using var _ = driver.ConfigureAwait(false);
        using var reserved = setup; // Until it is known where the guest is.
        var error = await TransferAsync().ConfigureAwait(false);
        if (run.Detached.IsCompleted)
        {
            await TryAsync("Cleaning up after", setup.LeaveAsync).ConfigureAwait(false);
            return new MigrationReport(run, _supervisor).Detached();
        }

        run.Enter(MigrationPhase.Verifying);
        if (error is not null)
            Tracer.Say($"'{run.Name}': the migration ended: {error.Message}");
        var asked = Tracer.Now;
        var outcome = await ProbeAsync(error).ConfigureAwait(false);
        Tracer.Say($"'{run.Name}': asked both hosts where it is: {run.Source}: {outcome.Source}; {run.Destination}: {outcome.Destination}; so: {outcome.Verdict} ({Tracer.Since(asked)}).");
        if (outcome.Verdict is MigrationVerdict.PostCopyBroken && run.Options.RecoverPostCopy)
            (outcome, error) = await RecoverAsync(outcome, error).ConfigureAwait(false);
        else if (rejoins)
            // While the other half has not noticed the break it refuses to be joined.
            (outcome, error) = await RejoinAsync(outcome, error, PartedPatience, failed => failed?.Fault == Faults.PostCopyBroken).ConfigureAwait(false);
        await TryAsync("Cleaning up after", () => setup.PutBackAsync(outcome, _supervisor.HasSuspended, _lostTouch)).ConfigureAwait(false);
        IReadOnlyList<VerifiedFact> verified = [];
        if (outcome.Verdict is MigrationVerdict.Moved)
            await TryAsync("Verifying", async () => verified = await setup.VerifyAsync(outcome, error is not null, _supervisor.Pause).ConfigureAwait(false)).ConfigureAwait(false);
        var report = new MigrationReport(run, _supervisor);
        var result = outcome.Verdict is MigrationVerdict.Moved ? report.Moved(error, verified) : report.NotMoved(outcome, error);
        run.Enter(MigrationPhase.Ended, complete: result.Outcome is MigrationOutcome.Completed);
        return result;
    }

    /// <summary>Where the guest is, is known by now: what fails after that is told, and changes nothing about it.</summary>
    private async Task TryAsync(string what, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A journal that cannot be written, a host that was disposed, or what nobody thought of.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            run.Notice($"{what} the migration of '{run.Name}' failed: {failed.Message}");
        }
    }

    /// <summary>Everything up to the hypervisor's word that it has ended, and how; whatever happens, the guest has to be looked for after it.</summary>
    private async Task<LiveMigrationException?> TransferAsync()
    {
        try
        {
            await driver.OpenAsync().ConfigureAwait(false);
            var start = Tracer.Now;
            await setup.MakeAsync().ConfigureAwait(false);
            Tracer.Say($"'{run.Name}': prepared both hosts ({Tracer.Since(start)}).");
            run.Stopping.ThrowIfCancellationRequested();
            var failure = await AttemptAsync().ConfigureAwait(false);
            var error = _lostTouch ? await WatchOnAsync(failure!.Error).ConfigureAwait(false) : failure?.Error;
            if ((error is null || _lostTouch) && !run.Options.Offline)
                await _supervisor.DrainAsync(SignalPatience).ConfigureAwait(false);
            return error;
        }
        catch (LiveMigrationException failed)
        {
            return failed;
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            return new LiveMigrationException(Faults.Stopped, "it was stopped before it started.", run.Source);
        }
#pragma warning disable CA1031 // A journal that cannot be written, a host that was disposed, or what nobody thought of.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return new LiveMigrationException(Faults.MigrationFailed, failed.Message, run.Source, failed);
        }
    }

    /// <summary>As planned; where nothing has begun, again in another way that the driver knows.</summary>
    private async Task<DriverFailure?> AttemptAsync()
    {
        while (true)
        {
            _supervisor.BeginAgain();
            var failure = await PerformAsync(rejoins).ConfigureAwait(false);
            if (failure is null || run.Stopping.IsCancellationRequested || _lostTouch || _supervisor.HasBegun
                || await driver.FallBackAsync(failure, _supervisor.Last).ConfigureAwait(false) is not { } way)
                return failure;
            run.Notice(way);
        }
    }

    /// <summary>The source is asked until it has ended, its post-copy has broken, or it has been silent for so long that nobody can tell.</summary>
    private async Task<LiveMigrationException> WatchOnAsync(LiveMigrationException error)
    {
        Tracer.Say($"'{run.Name}': {error.Message} The migration continues between the hosts; asking {run.Source} for its progress.");
        var broken = BrokenAsync();
        var ended = Task.WhenAny(JobEnd.WaitAsync(run, driver, run.Options.StallTimeout.Value), GivenUpAsync(), broken);
        await _supervisor.WatchAsync(ended).ConfigureAwait(false);
        return broken.IsCompleted ? Broken() : error;
    }

    private LiveMigrationException Broken() => new(Faults.PostCopyBroken, "the source lost its connection to the destination.", run.Source);

    private async Task<DriverFailure?> PerformAsync(bool rejoin)
    {
        if (rejoin)
            _supervisor.ResumePostCopy();
        // The halves of a broken post-copy are joined even after a request to stop: there is nothing to go back to.
        var attempt = _attempt = await driver.BeginAsync(rejoin, rejoin ? CancellationToken.None : run.Stopping).ConfigureAwait(false);
        // An abort that the daemons cannot answer must not hold us for ever: the verdict comes from asking both.
        var broken = BrokenAsync();
        await _supervisor.WatchAsync(Task.WhenAny(attempt, GivenUpAsync(), broken)).ConfigureAwait(false);
        if (attempt.IsCompleted)
        {
            var failure = await attempt.ConfigureAwait(false);
            _lostTouch = failure is { LostTouch: true };
            return failure is null || _lostTouch || run.StopReason is not StopReason.None
                ? failure
                : await driver.ExplainAsync(failure, _supervisor.Last).ConfigureAwait(false);
        }

        return new DriverFailure(broken.IsCompleted
            ? Broken()
            : new LiveMigrationException(
                Faults.HostNotAnswering,
                $"The daemons did not end the migration of '{run.Name}' within {new Units.Duration(AbortPatience)} after it was aborted.",
                run.Source));
    }

    /// <summary>Joins the halves of a broken post-copy again, as long as it takes for the link to come back.</summary>
    private async Task<(OutcomeProbe, LiveMigrationException?)> RecoverAsync(OutcomeProbe outcome, LiveMigrationException? error)
    {
        run.Notice($"The connection was lost in post-copy, after '{run.Name}' had moved to {run.Destination}; the migration is resumed as soon as the connection is restored.");
        return await RejoinAsync(outcome, error, 10 * run.Options.StallTimeout.Value, _ => true).ConfigureAwait(false);
    }

    private async Task<(OutcomeProbe, LiveMigrationException?)> RejoinAsync(
        OutcomeProbe outcome, LiveMigrationException? error, TimeSpan patience, Func<LiveMigrationException?, bool> again)
    {
        var until = run.Elapsed + patience;
        while (outcome.Verdict is MigrationVerdict.PostCopyBroken && again(error) && run.Elapsed < until && !run.Detached.IsCompleted)
        {
            await Task.Delay(RejoinInterval, run.Time).ConfigureAwait(false);
            try
            {
                error = (await PerformAsync(rejoin: true).ConfigureAwait(false))?.Error;
            }
            catch (LiveMigrationException failed)
            {
                error = failed; // A host that cannot be reached for the call may be reached for the next one.
            }
            catch (ObjectDisposedException failed)
            {
                error = new LiveMigrationException(Faults.ConnectionLost, failed.Message, run.Source, failed);
            }

            outcome = await ProbeAsync(error).ConfigureAwait(false);
        }

        return (outcome, error);
    }

    private async Task BrokenAsync()
    {
        await _supervisor.PostCopyBroken.ConfigureAwait(false);
        do
        {
            await Task.Delay(BrokenPatience, run.Time).ConfigureAwait(false);
        }
        while ((await driver.LookAsync(Side.Source).ConfigureAwait(false)).State is GuestState.PostCopy); // What was reported was of an earlier attempt.
    }

    private async Task GivenUpAsync()
    {
        await run.StopRequested.ConfigureAwait(false);
        // An abort is looked at when the destination has prepared, or has failed to.
        while (_supervisor.IsPreparing && run.StopReason is not StopReason.NotPrepared)
            await Task.Delay(PreparingInterval, run.Time).ConfigureAwait(false);
        await Task.Delay(AbortPatience, run.Time).ConfigureAwait(false);
        if (_supervisor.SawPostCopy)
            await new TaskCompletionSource().Task.ConfigureAwait(false); // It could not be stopped any more; its attempt ends by itself.
    }

    private Task<OutcomeProbe> ProbeAsync(LiveMigrationException? error)
    {
        var mayBePaused = _supervisor.HasSuspended || !run.Guest.Executes;
        // A source that has fallen silent is given the time in which a daemon comes back.
        var patience = error is null || run.StopReason is not StopReason.None ? ProbePatience : run.Options.StallTimeout.Value;
        return OutcomeProbe.ReachAsync(driver, Judge, IsOver, patience, run.Time);

        MigrationVerdict Judge(GuestPresence source, GuestPresence destination)
        {
            if (!run.Options.Offline)
                return _supervisor.Ending(OutcomeRules.Judge(source, destination, mayBePaused, begun: error is null || _lostTouch || _supervisor.MayBeHandedOver));
            // A definition that stays tells nothing of itself, and the destination may have had one before.
            return error is not null && source is { IsReachable: true, State: not GuestState.Absent }
                ? MigrationVerdict.Stayed
                : OutcomeRules.JudgeOffline(source, destination, run.Options.KeepSource);
        }
    }
}
