using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Monitoring;
using LiveMigration.Planning;

namespace LiveMigration.Migration;

/// <summary>
/// Watches a migration until it ends: events wake it, statistics feed it, and it does what was asked for when it takes too
/// long, moves nothing, or is to stop.
/// </summary>
internal sealed class MigrationMonitor(MigrationRun run)
{
    private TimeSpan _suspendedAt;
    private const long SocketBuffers = 8 << 20;

    private readonly PolicyAtWork? _policy = run.Policy is { } policy ? new PolicyAtWork(run, policy) : null;
    private TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BudgetAtWork _budget = new(run);
    private readonly StallDetector _stall = new(run.Options.StallTimeout, run.Options.PrepareTimeout);
    private Task<JobStatistics?>? _asking;
    private Arrival? _arrival;
    private TimeSpan? _answered;
    private bool _timeoutHandled;
    private bool _switchHandled;
    private bool _postCopyPaused;
    private int? _stopped;

    /// <summary>Passes that began since we watch; the second begins when all memory was sent once.</summary>
    private int _passes;

    /// <summary>The last statistics seen; those of the completion event once it has come.</summary>
    internal JobStatistics? Last { get; private set; }

    /// <summary>The completion event's statistics: the only ones with the measured downtime.</summary>
    internal JobStatistics? Completed { get; private set; }

    /// <summary>Whether anything of the guest was sent.</summary>
    internal bool HasBegun => Last is { DataProcessed: > 0 } or { Iteration: > 0 };

    /// <summary>Whether more was sent than waits in a socket's buffers: who is refused after the handshake can write until the peer hangs up.</summary>
    internal bool HasArrived => Last is { DataProcessed: > SocketBuffers } or { Iteration: > 1 };

    /// <summary>
    /// Whether the destination is not ready to receive yet: until its hooks have run and its QEMU has its memory, nothing can
    /// move, and an abort is answered only then. A source that is silent does not say so.
    /// </summary>
    internal bool IsPreparing =>
        Phase is MigrationPhase.Starting && !HasBegun && _arrival?.HasBegun is not true
        && _answered is { } answered && run.Elapsed - answered < run.Options.StallTimeout.Value;

    internal bool SawPostCopy { get; private set; }

    /// <summary>The same migration begins once more: libvirt has put the guest back, paused or not, and what was done for a timeout is undone with it.</summary>
    internal void BeginAgain() => _timeoutHandled = false;

    /// <summary>Ends when the source says that post-copy broke; libvirt's call may wait for the other half for ever.</summary>
    internal Task PostCopyBroken => _broken.Task;

    /// <summary>
    /// Why no host runs the domain: the source's last word counts more than what is left of it, of which a transient domain leaves none.
    /// </summary>
    internal MigrationVerdict Ending(MigrationVerdict verdict) => (verdict, _stopped) switch
    {
        (MigrationVerdict.Lost, StoppedDetail.Shutdown or StoppedDetail.Destroyed) => MigrationVerdict.ShutOff,
        (MigrationVerdict.ShutOff, StoppedDetail.Crashed) => MigrationVerdict.Lost,
        _ => verdict,
    };

    /// <summary>Whether we paused the guest, so that the rest could be copied.</summary>
    internal bool HasSuspended { get; private set; }

    /// <summary>How long the guest stood still; asked when it runs again. Null where that is not known.</summary>
    internal TimeSpan? Pause => HasSuspended ? run.Elapsed - _suspendedAt : Completed?.Downtime is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private TimeSpan Interval =>
        _policy is { } policy && policy.Interval < PollInterval.After(run.Progress) ? policy.Interval : PollInterval.After(run.Progress);

    private MigrationPhase Phase { get; set; } = MigrationPhase.Starting;

    /// <summary>The halves of a broken post-copy are about to be joined: the guest is on the destination from the start.</summary>
    internal void ResumePostCopy()
    {
        Phase = MigrationPhase.PostCopy;
        SawPostCopy = true;
        _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _postCopyPaused = false;
        run.Enter(MigrationPhase.PostCopy);
    }

    /// <summary>Watches until <paramref name="ended"/> ends, or the run is detached.</summary>
    /// <param name="ended">The end of the migration.</param>
    /// <param name="destinationLost">Ends when nothing is to be expected of the destination any more.</param>
    /// <param name="events">What the source tells.</param>
    /// <param name="arrival">Tells that the destination is ready; null where it cannot be listened to.</param>
    internal async Task WatchAsync(Task ended, Task<CloseReason> destinationLost, ChannelReader<DomainEvent> events, Arrival? arrival = null)
    {
        _arrival = arrival;
        _answered = null;
        _stall.Begin(run.Elapsed);
        Task? stopping = null;
        Task<bool>? arrived = null;
        while (!ended.IsCompleted && !run.Detached.IsCompleted)
        {
            if (stopping is null && run.StopRequested.IsCompleted)
                stopping = StopAsync(ended);
            else if (destinationLost.IsCompleted && Phase is not MigrationPhase.PostCopy)
                run.RequestStop(StopReason.DestinationLost);
            if (arrived is null or { IsCompleted: true })
                arrived = events.WaitToReadAsync().AsTask();
            var waits = new List<Task> { ended, run.Detached, arrived, Task.Delay(Interval) };
            if (stopping is null)
                waits.Add(run.StopRequested);
            await Task.WhenAny(waits).ConfigureAwait(false);
            Take(events);
            if (!ended.IsCompleted)
                await SwitchAfterFirstPassAsync().ConfigureAwait(false);
            var fresh = await SampleAsync(ended).ConfigureAwait(false);
            if (!ended.IsCompleted)
                await DecideAsync(fresh).ConfigureAwait(false);
        }
    }

    /// <summary>Takes what events have come; the completion event may come a little after the call has returned.</summary>
    internal async Task DrainAsync(ChannelReader<DomainEvent> events, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        Take(events);
        try
        {
            while (Completed is null && await events.WaitToReadAsync(limit.Token).ConfigureAwait(false))
                Take(events);
        }
        catch (OperationCanceledException)
        {
            // It does not come from every daemon: what was sampled last has to do.
        }
    }

    private void Take(ChannelReader<DomainEvent> events)
    {
        while (events.TryRead(out var happened))
        {
            if (happened.Uuid != run.Domain.Uuid)
                continue;
            switch (happened)
            {
                case JobCompletedEvent { Statistics.IsMigration: true } completed:
                    Last = Completed = completed.Statistics;
                    break;
                case MigrationIterationEvent:
                    _passes++;
                    if (Phase is MigrationPhase.Starting)
                        Phase = MigrationPhase.Copying;
                    break;
                case LifecycleEvent { Change: LifecycleChange.Stopped } stopped:
                    _stopped = stopped.Detail;
                    break;
                case LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.PostCopy }:
                    Phase = MigrationPhase.PostCopy;
                    SawPostCopy = true;
                    break;
                case LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.PostCopyFailed }:
                    _broken.TrySetResult();
                    break;
                case LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.Migrated } when Phase is not MigrationPhase.PostCopy:
                    Phase = MigrationPhase.Switching;
                    break;
            }
        }
    }

    /// <summary>One question at a time: a host that keeps the last one open is not asked another.</summary>
    private async Task<bool> SampleAsync(Task ended)
    {
        _asking ??= AskAsync();
        await Task.WhenAny(_asking, ended, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        if (!_asking.IsCompleted)
            return false;
        var job = await _asking.ConfigureAwait(false);
        _asking = null;
        if (job is not { IsMigration: true, IsActive: true })
            return false;
        _answered = run.Elapsed;
        Last = job;
        // libvirt knows a migration a moment before QEMU has begun it.
        if (Phase is MigrationPhase.Starting && HasBegun)
            Phase = MigrationPhase.Copying;
        run.Add(job, Phase);
        return true;
    }

    private async Task<JobStatistics?> AskAsync()
    {
        try
        {
            return await run.Domain.Host.CallAsync(run.Domain.Uuid, native => native.GetJobStatistics(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            return null; // The stall detector counts silence; the call itself says what went wrong.
        }
    }

    /// <summary>At once, before statistics are asked for: the next pass may be the last one.</summary>
    private async Task SwitchAfterFirstPassAsync()
    {
        if (!run.Options.PostCopyAfterFirstPass || _switchHandled || _passes < 2 || Phase is not MigrationPhase.Copying)
            return;
        _switchHandled = true;
        await ActAsync(TimeoutAction.PostCopy, run.Elapsed).ConfigureAwait(false);
    }

    private async Task DecideAsync(bool fresh)
    {
        var moved = Last?.DataProcessed is { } processed ? processed + (Last.Iteration ?? 0) : (long?)null;
        // Who only looks at somebody else's migration must not end it.
        if (_stall.Add(run.Elapsed, moved, fresh && IsPreparing) is not Stall.None and var stall && !run.IsForeign)
            await StalledAsync(stall).ConfigureAwait(false);
        if (fresh && !run.IsForeign && Phase is MigrationPhase.Copying)
            await _budget.FollowAsync(Last).ConfigureAwait(false);
        if (_policy is not null)
            await _policy.FollowAsync(fresh, Phase, SuspendAsync).ConfigureAwait(false);
        if (_timeoutHandled || run.IsForeign || run.Options.Timeout is not { } timeout || run.Elapsed < timeout.Value || Phase is MigrationPhase.PostCopy)
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
            await run.PausePostCopyAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            run.Notice($"The post-copy of '{run.Name}' makes no progress and could not be paused: {error.Message}");
        }
    }

    /// <summary>Pauses the guest, so that the rest can be copied.</summary>
    private async Task SuspendAsync()
    {
        await run.Domain.Host.OrderAsync(run.Domain.Uuid, native => native.Suspend(), native => native.Resume(), CancellationToken.None).ConfigureAwait(false);
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
                    await run.SwitchToPostCopyAsync().ConfigureAwait(false);
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
                await run.Domain.Host.CallAsync(run.Domain.Uuid, Abort, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (LiveMigrationException) when (!ended.IsCompleted)
            {
                if (Phase is MigrationPhase.PostCopy)
                {
                    run.Notice($"'{run.Name}' had switched to post-copy before it could be stopped: the migration continues until it completes.");
                    return;
                }

                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(200))).ConfigureAwait(false);
            }
        }

        static bool Abort(NativeDomain native)
        {
            native.AbortJob();
            return true;
        }
    }
}
