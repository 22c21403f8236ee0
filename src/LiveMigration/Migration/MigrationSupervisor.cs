using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;
using LiveMigration.Planning;

namespace LiveMigration.Migration;

/// <summary>
/// Watches a migration until it ends: events wake it, statistics feed it, and it does what was asked for when it takes too
/// long, moves nothing, or is to stop.
/// </summary>
internal sealed class MigrationSupervisor(MigrationRun run, IMigrationDriver driver)
{
    private static readonly TimeSpan AbortRetry = TimeSpan.FromMilliseconds(200);

    private readonly PolicyExecutor? _policy = run.Policy is { } policy ? new PolicyExecutor(run, driver, policy) : null;
    private TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DiskBandwidthController _disks = new(run, driver);
    private readonly StallDetector _stall = new(run.Options.StallTimeout, run.Options.PrepareTimeout);
    private Task<MigrationStatistics?>? _asking;
    private TimeSpan? _answered;

    /// <summary>When the attempt began: until then it may have waited for its place.</summary>
    private TimeSpan? _began;
    private TimeSpan _suspendedAt;
    private bool _timeoutHandled;
    private bool _switchHandled;
    private bool _postCopyPaused;
    private GuestState? _stopped;

    /// <summary>Passes that began since we watch; the second begins when all memory was sent once.</summary>
    private int _passes;

    /// <summary>The last statistics seen; those of the completion event once it has come.</summary>
    internal MigrationStatistics? Last { get; private set; }

    /// <summary>The statistics of the complete migration: the only ones with the measured downtime.</summary>
    internal MigrationStatistics? Completed { get; private set; }

    /// <summary>Whether anything of the guest was sent.</summary>
    internal bool HasBegun => _passes > 0 || Last is { HasBegun: true };

    /// <summary>Whether the guest may be at the destination: false only where nothing of it was sent.</summary>
    internal bool MayBeHandedOver => HasBegun || SawPostCopy || Phase is not MigrationPhase.Starting;

    /// <summary>
    /// Whether the destination is not ready to receive yet: until its hooks have run and its QEMU has its memory, nothing can
    /// move, and an abort is answered only then. A source that is silent does not say so.
    /// </summary>
    internal bool IsPreparing =>
        Phase is MigrationPhase.Starting && !HasBegun && !driver.IsDestinationReady
        && _answered is { } answered && run.Elapsed - answered < run.Options.StallTimeout.Value;

    internal bool SawPostCopy { get; private set; }

    /// <summary>Whether the source accepted an abort.</summary>
    internal bool IsAborted { get; private set; }

    /// <summary>The same migration begins once more: libvirt has put the guest back, paused or not, and what was done for a timeout is undone with it.</summary>
    internal void BeginAgain() => (_timeoutHandled, _began) = (false, null);

    /// <summary>Ends when the source says that post-copy broke; libvirt's call may wait for the other half for ever.</summary>
    internal Task PostCopyBroken => _broken.Task;

    /// <summary>
    /// Why no host runs the domain: the source's last word counts more than what is left of it, of which a transient domain leaves none.
    /// </summary>
    internal MigrationVerdict Ending(MigrationVerdict verdict) => (verdict, _stopped) switch
    {
        (MigrationVerdict.Lost, GuestState.Ended) => MigrationVerdict.ShutOff,
        (MigrationVerdict.ShutOff, GuestState.Crashed) => MigrationVerdict.Lost,
        _ => verdict,
    };

    /// <summary>Whether we paused the guest, so that the rest could be copied.</summary>
    internal bool HasSuspended { get; private set; }

    /// <summary>How long the guest stood still; asked when it runs again. Null where that is not known.</summary>
    internal TimeSpan? Pause => HasSuspended ? run.Elapsed - _suspendedAt : Completed?.Downtime;

    private TimeSpan Interval =>
        _policy is { } policy && policy.Interval < PollInterval.After(run.Progress) ? policy.Interval : PollInterval.After(run.Progress);

    /// <summary>How long the attempt takes.</summary>
    private TimeSpan Taken => run.Elapsed - (_began ?? run.Elapsed);

    private MigrationPhase Phase { get; set; } = MigrationPhase.Starting;

    /// <summary>The halves of a broken post-copy are about to be joined: the guest is on the destination from the start.</summary>
    internal void ResumePostCopy()
    {
        Take(); // What was reported late is of the attempt before.
        Phase = MigrationPhase.PostCopy;
        SawPostCopy = true;
        _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _postCopyPaused = false;
        run.Enter(MigrationPhase.PostCopy);
    }

    /// <summary>Watches until <paramref name="ended"/> completes, or the run is detached.</summary>
    /// <param name="ended">The end of the migration.</param>
    internal async Task WatchAsync(Task ended)
    {
        _answered = null;
        _began ??= run.Elapsed;
        _stall.Begin(run.Elapsed);
        Task? stopping = null;
        Task<bool>? signal = null;
        while (!ended.IsCompleted && !run.Detached.IsCompleted)
        {
            if (signal is null or { IsCompleted: true })
                signal = driver.Signals.WaitToReadAsync().AsTask();
            var waits = new List<Task> { ended, run.Detached, signal, Task.Delay(Interval, run.Time) };
            if (stopping is null)
                waits.Add(run.StopRequested);
            await Task.WhenAny(waits).ConfigureAwait(false);
            Take();
            if (IsToStop())
                stopping ??= StopAsync(ended);
            if (!ended.IsCompleted)
                await SwitchAfterFirstPassAsync().ConfigureAwait(false);
            var fresh = await SampleAsync(ended).ConfigureAwait(false);
            if (!ended.IsCompleted)
                await DecideAsync(fresh).ConfigureAwait(false);
        }

        Take(); // What came with the end, or before the first look.
    }

    /// <summary>Whether it is to stop, as it is without its destination: nothing else is begun then, as there might be no way back from it.</summary>
    private bool IsToStop()
    {
        if (driver.PeerLost.IsCompleted && !run.IsForeign && Phase is not MigrationPhase.PostCopy)
            run.RequestStop(StopReason.DestinationLost);
        return run.StopRequested.IsCompleted;
    }

    /// <summary>Takes the signals that have come; that of the completion may come a little after the end.</summary>
    internal async Task DrainAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, run.Time);
        Take();
        try
        {
            while (Completed is null && await driver.Signals.WaitToReadAsync(limit.Token).ConfigureAwait(false))
                Take();
        }
        catch (OperationCanceledException)
        {
            // It does not come from every hypervisor: what was sampled last has to do.
        }
    }

    private void Take()
    {
        while (driver.Signals.TryRead(out var signal))
        {
            switch (signal)
            {
                case MigrationSignal.Completed completed:
                    Last = Completed = completed.Statistics;
                    break;
                case MigrationSignal.PassBegan pass:
                    _passes++;
                    run.PassBegan(pass.Number);
                    if (Phase is MigrationPhase.Starting)
                        Phase = MigrationPhase.Copying;
                    break;
                case MigrationSignal.Stopped stopped:
                    _stopped = stopped.Why;
                    break;
                case MigrationSignal.PostCopyBegan:
                    Phase = MigrationPhase.PostCopy;
                    SawPostCopy = true;
                    break;
                case MigrationSignal.PostCopyBroke:
                    _broken.TrySetResult();
                    break;
                case MigrationSignal.SwitchedOver when Phase is not MigrationPhase.PostCopy:
                    Phase = MigrationPhase.Switching;
                    break;
            }
        }
    }

    /// <summary>One question at a time: a host that keeps the last one open is not asked another.</summary>
    private async Task<bool> SampleAsync(Task ended)
    {
        _asking ??= driver.QueryAsync();
        await Task.WhenAny(_asking, ended, Task.Delay(TimeSpan.FromSeconds(1), run.Time)).ConfigureAwait(false);
        if (!_asking.IsCompleted)
            return false;
        var statistics = await _asking.ConfigureAwait(false);
        _asking = null;
        if (statistics is null)
            return false;
        _answered = run.Elapsed;
        Last = statistics;
        // libvirt knows a migration a moment before QEMU has begun it.
        if (Phase is MigrationPhase.Starting && HasBegun)
            Phase = MigrationPhase.Copying;
        run.Add(statistics, Phase);
        return true;
    }

    /// <summary>At once, before statistics are asked for: the next pass may be the last one.</summary>
    private async Task SwitchAfterFirstPassAsync()
    {
        if (!run.Options.PostCopyAfterFirstPass || _switchHandled || _passes < 2 || Phase is not MigrationPhase.Copying || IsToStop())
            return;
        _switchHandled = true;
        await ActAsync(TimeoutAction.PostCopy, Taken).ConfigureAwait(false);
    }

    private async Task DecideAsync(bool fresh)
    {
        var moved = Last?.Transferred is { } transferred ? transferred + (Last.Iteration ?? 0) : (long?)null;
        // Who only looks at somebody else's migration must not end it.
        if (_stall.Add(run.Elapsed, moved, fresh && IsPreparing) is not Stall.None and var stall && !run.IsForeign)
            await StalledAsync(stall).ConfigureAwait(false);
        if (IsToStop())
            return;
        if (fresh && !run.IsForeign && Phase is MigrationPhase.Copying)
            await _disks.FollowAsync(Last).ConfigureAwait(false);
        if (_policy is not null)
            await _policy.FollowAsync(fresh, Phase, Taken, SuspendAsync).ConfigureAwait(false);
        if (_timeoutHandled || run.IsForeign || IsToStop() || run.Options.Timeout is not { } timeout || Taken < timeout.Value || Phase is MigrationPhase.PostCopy)
            return;
        _timeoutHandled = true;
        await ActAsync(run.Options.OnTimeout ?? TimeoutAction.Abort, timeout.Value).ConfigureAwait(false);
    }

    /// <summary>
    /// Nothing moves: before the guest has moved, the migration is aborted. In post-copy there is nothing to go back to; it is
    /// broken in two on purpose where it is to be joined again, since QEMU itself waits for a silent link for ever.
    /// </summary>
    private async Task StalledAsync(Stall stall)
    {
        if (Phase is not MigrationPhase.PostCopy)
        {
            run.RequestStop(stall is Stall.Preparing ? StopReason.NotPrepared : StopReason.Stalled);
            return;
        }

        if (!run.Options.RecoverPostCopy || _postCopyPaused)
            return;
        _postCopyPaused = true;
        try
        {
            await driver.PausePostCopyAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            run.Notice($"The post-copy of '{run.Name}' makes no progress and could not be paused: {error.Message}");
        }
    }

    /// <summary>Pauses the guest, so that the rest can be copied.</summary>
    private async Task SuspendAsync()
    {
        await driver.SuspendAsync().ConfigureAwait(false);
        if (!HasSuspended)
            (HasSuspended, _suspendedAt) = (true, run.Elapsed);
    }

    private async Task ActAsync(TimeoutAction action, TimeSpan timeout)
    {
        try
        {
            switch (action)
            {
                case TimeoutAction.Suspend:
                    await SuspendAsync().ConfigureAwait(false);
                    run.Notice($"'{run.Name}' is paused after {new Units.Duration(timeout)}, so that the rest can be copied; it resumes on the destination.");
                    break;
                case TimeoutAction.PostCopy:
                    await driver.StartPostCopyAsync().ConfigureAwait(false);
                    run.Notice($"'{run.Name}' is switched to post-copy after {new Units.Duration(timeout)}.");
                    break;
                default:
                    run.RequestStop(StopReason.Timeout);
                    break;
            }
        }
        catch (LiveMigrationException error)
        {
            // It may be over by now; if it is not, it is aborted rather than left to run for ever.
            run.Notice($"After {new Units.Duration(timeout)}, -OnTimeout {action} failed for '{run.Name}': {error.Message}");
            run.RequestStop(StopReason.Timeout);
        }
    }

    /// <summary>Aborts the job; while none has begun yet, or the host is silent, it tries again. In post-copy there is nothing to go back to.</summary>
    private async Task StopAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            try
            {
                await driver.AbortAsync().ConfigureAwait(false);
                IsAborted = true;
                return;
            }
            catch (LiveMigrationException) when (!ended.IsCompleted)
            {
                if (Phase is MigrationPhase.PostCopy)
                {
                    run.Notice($"'{run.Name}' had switched to post-copy before it could be stopped: the migration continues until it completes.");
                    return;
                }

                await Task.WhenAny(ended, Task.Delay(AbortRetry, run.Time)).ConfigureAwait(false);
            }
        }
    }
}
