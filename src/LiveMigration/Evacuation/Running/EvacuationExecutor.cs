using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// Carries an evacuation out: lets migrations begin, divides the links among them, and settles what becomes of each. All decisions are
/// made here, one after the other; what takes time goes on beside.
/// </summary>
internal sealed class EvacuationExecutor(EvacuationRun run, EvacuationJournal journal, IReadOnlyDictionary<string, LibvirtHost> hosts, IReadOnlyList<MoveState> moves)
{
    /// <summary>How long migrations may take to end that were told to because the evacuation failed.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(90);

    private readonly Dictionary<MoveState, Task> _moving = [];
    private readonly UnreachableHosts _lost = new(run.Plan, hosts);
    private readonly LinkMonitor _links = new(LinkMap.Of(run.Plan), moves);
    private readonly HashSet<Guid> _canaries = [.. MoveOrder.Canaries(moves, run.Plan.Policy.Canary).Select(move => move.Uuid)];
    private string? _stopped;
    private volatile bool _aborts;
    private bool _warned;

    internal EvacuationPlan Plan => run.Plan;

    internal EvacuationJournal Journal => journal;

    internal LinkMonitor Links => _links;

    private IEnumerable<MoveState> Waiting => moves.Where(move => move.State is EvacuatedState.Waiting);

    private TimeSpan? TimeToDeadline => Plan.Policy.Deadline - DateTimeOffset.Now;

    internal async Task RunAsync()
    {
        try
        {
            await ConductAsync().ConfigureAwait(false);
        }
        catch
        {
            // The journal cannot be written, or worse: nobody could say later what became of those under way, so they stay where they are.
            var ended = Task.WhenAll(_moving.Values);
            var since = TimeProvider.System.GetTimestamp();
            while (!ended.IsCompleted && TimeProvider.System.GetElapsedTime(since) < AbortPatience)
            {
                // Again and again: one that was still being planned has begun meanwhile.
                Abort("the evacuation failed");
                await Task.WhenAny(ended, Task.Delay(LinkMonitor.Pulse)).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task ConductAsync()
    {
        while (true)
        {
            TakeOrders();
            await CollectAsync().ConfigureAwait(false);
            await ResettleAsync().ConfigureAwait(false);
            if (_moving.Count == 0 && !_lost.IsSearching && (_stopped is not null || !Waiting.Any()))
                break;
            if (_stopped is null)
                Begin();
            _links.Divide();
            foreach (var move in _moving.Keys)
                DowntimeController.Lengthen(move);
            EndEndless();
            Report();
            await Task.WhenAny([Task.Delay(LinkMonitor.Pulse), .. _moving.Values]).ConfigureAwait(false);
        }

        // Of those that were not looked for, the journal says what is known.
        foreach (var move in Waiting.Where(move => !move.IsInterrupted).ToList())
            Stay(move, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{move.Name}' was not started: {_stopped}", move.Planned.Source), null);
        Report();
        journal.End();
    }

    internal LibvirtHost Host(string name) => hosts[name];

    /// <summary>The same of one that may be lost; then null.</summary>
    internal LibvirtHost? HostUnlessLost(string name) => _lost.Contains(name) ? null : hosts[name];

    /// <summary>The hosts that one could be at beside its source; those that are lost without their connection.</summary>
    internal IEnumerable<(string Name, LibvirtHost? Host)> HostsBeside(string source) =>
        Plan.Hosts.Where(host => host != source).Select(host => (host, HostUnlessLost(host)));

    /// <summary>Whether migrations are aborted, and so none begins any more.</summary>
    internal bool Aborts => _aborts;

    internal bool IsLost(string host) => _lost.Contains(host);

    internal void Notice(string text) => run.Notice(text);

    internal void Started(Migration.MigrationRun migration) => run.Started(migration);

    /// <summary>What the deadline lets a migration do that begins now.</summary>
    internal DeadlineDecision Deadline(MoveState move) =>
        DeadlineDecision.Of(TimeToDeadline, TimeSpan.FromSeconds(TransferSize.Of(move.Planned.Domain) / _links.Fastest(move)) + Plan.Options.Overhead.Value, Plan.Policy.OnDeadline);

    private void Begin()
    {
        foreach (var late in Waiting.Where(move => !move.IsInterrupted && !Deadline(move).MayBegin).ToList())
            Stay(late, new LiveMigrationException(Faults.DeadlineMissed, $"The migration of '{late.Name}' to {late.Destination} would not complete by {Clock(Plan.Policy.Deadline)}.", late.Planned.Source), null);
        var all = moves.ToDictionary(move => move.Uuid);
        foreach (var (blocked, by) in Waiting.Where(move => !move.IsInterrupted).Select(move => (move, by: MoveOrder.Blocker(move, all))).Where(one => one.by is not null).ToList())
            Stay(blocked, new LiveMigrationException(Faults.InsufficientMemory, $"The migration of '{blocked.Name}' was not started: '{by!.Name}' has not left {blocked.Destination}, where its room was needed.", blocked.Destination), null);
        var canariesOut = moves.Any(move => _canaries.Contains(move.Uuid) && !move.IsOver);
        var may = Waiting.Where(move => !_lost.IsStranded(move) && (!canariesOut || _canaries.Contains(move.Uuid)));
        var away = moves.Where(move => move.IsOver).Select(move => move.Uuid).ToHashSet();
        foreach (var move in AdmissionControl.Admit(may, _moving.Keys, _links.Map, Plan.Options, vm => away.Contains(vm) || !all.ContainsKey(vm)))
        {
            move.State = EvacuatedState.Migrating;
            _moving.Add(move, Task.Run(async () => move.Result = await new MoveAttempt(this, move).CarryAsync().ConfigureAwait(false)));
        }
    }

    private async Task CollectAsync()
    {
        foreach (var (move, task) in _moving.Where(moving => moving.Value.IsCompleted).ToList())
        {
            await task.ConfigureAwait(false);
            _moving.Remove(move);
            await SettleAsync(move, move.Result!).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(MoveState move, MoveResult outcome)
    {
        (move.Run, move.Share, move.IsInterrupted) = (null, null, false);
        if (outcome.Error is not { } error)
        {
            move.Destination = outcome.Host!;
            journal.Moved(move.Uuid, outcome.Host!, outcome.Result);
            Settle(move, EvacuatedState.Moved);
            return;
        }

        if (_aborts && outcome.IsAtSource)
        {
            Stay(move, new LiveMigrationException(Faults.EvacuationStopped, error.Message, error.Host, error), outcome.Result);
            return;
        }

        if (await _lost.TakeIfSilentAsync(move.Destination).ConfigureAwait(false))
            run.Notice($"{move.Destination} no longer answers: VMs planned for it go to other hosts.");
        if (error.Fault.IsPermanent)
            move.Hopeless.Add(move.Destination);
        var next = RetryDecision.After(
            move.Planned, move.Tried, outcome.Verdict, error.Fault, Plan.Policy, host => _lost.Contains(host) || IsBarred(move, host) || move.Hopeless.Contains(host));
        switch (next.Step)
        {
            case RetryStep.Again or RetryStep.Replan:
                journal.Failed(move.Uuid, error, outcome.Result);
                run.Notice($"{error.Message} The migration of '{move.Name}' is retried.");
                (move.State, move.Pauses) = (EvacuatedState.Waiting, next.Pauses);
                move.Destination = next.Destination ?? move.Destination;
                break;
            case RetryStep.Leave:
                Stay(move, error, outcome.Result);
                break;
            default:
                if (outcome.IsAtSource)
                {
                    Stay(move, error, outcome.Result);
                }
                else
                {
                    journal.Unclear(move.Uuid, error, outcome.Result);
                    Settle(move, EvacuatedState.Unclear);
                }

                if (next.Step is RetryStep.Halt)
                    Stop($"'{move.Name}' could not be moved: {error.Message}");
                break;
        }

        if (moves.Count(other => other.IsOver && other.State is not EvacuatedState.Moved) >= Plan.Policy.MaxFailures)
            Stop($"{Plan.Policy.MaxFailures} VMs could not be moved");
    }

    private void Stay(MoveState move, LiveMigrationException error, Migration.MigrationResult? result)
    {
        journal.Stayed(move.Uuid, error, result);
        Settle(move, EvacuatedState.Stayed);
    }

    private void Settle(MoveState move, EvacuatedState state)
    {
        move.State = state;
        run.Settled(journal[move.Uuid]);
        if (state is not EvacuatedState.Moved && _canaries.Contains(move.Uuid))
            Stop($"the canary '{move.Name}' failed to move");
    }

    private void TakeOrders()
    {
        if (run.StopRequest is { } request)
        {
            Stop(request.Reason);
            Abort(request.Abort);
        }

        if (journal.StopRequest is { } asked)
        {
            Stop("a stop was requested");
            Abort(asked == "abort");
        }
    }

    private void Stop(string reason)
    {
        if (_stopped is not null)
            return;
        _stopped = reason;
        journal.Stop(reason);
        run.Notice($"No further migration is started: {reason}.");
    }

    private void Abort(bool wanted)
    {
        if (!wanted)
            return;
        Abort(_stopped!);
    }

    private void Abort(string reason)
    {
        _aborts = true;
        foreach (var move in _moving.Keys)
            End(move, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{move.Name}' was stopped: {reason}.", move.Planned.Source));
    }

    /// <summary>A guest that changes memory as fast as it is sent would be sent for ever.</summary>
    private void EndEndless()
    {
        foreach (var move in _moving.Keys.Where(move => move.IsEndless))
            End(move, new LiveMigrationException(Faults.NotConverging, $"'{move.Name}' does not converge: it changes memory as fast as it can be sent to {move.Destination}.", move.Planned.Source), Plan.Policy.Migration.PostCopy);
    }

    private static void End(MoveState move, LiveMigrationException reason, bool postCopy = false)
    {
        if (move.Ending is not null || move.Run is not { } migration || migration.IsPostCopy)
            return;
        move.Ending = reason;
        move.Order = Task.Run(async () =>
        {
            try
            {
                if (postCopy)
                    await migration.SwitchToPostCopyAsync().ConfigureAwait(false);
                else
                    await migration.StopAsync().ConfigureAwait(false);
            }
            catch (LiveMigrationException)
            {
                // It has ended, or switched to post-copy meanwhile: its result tells.
            }
        });
    }

    /// <summary>Who was to go to a host that is lost goes where the planner finds a place, in the world as it is now.</summary>
    private async Task ResettleAsync()
    {
        foreach (var (move, planned, reason) in await _lost.FoundAsync().ConfigureAwait(false))
        {
            // Others have been sent there meanwhile: it is looked for again.
            if (planned is not null && IsBarred(move, planned.Destination))
                continue;
            if (planned is not null)
            {
                (move.Planned, move.Destination) = (planned, planned.Destination);
                journal.Move(planned, move.Autostart);
            }
            else
            {
                Stay(move, new LiveMigrationException(Faults.HostUnreachable, $"No destination was found for '{move.Name}': {reason ?? $"{move.Destination} does not answer"}.", move.Planned.Source), null);
            }
        }

        if (_stopped is null)
            _lost.Search(Waiting.Where(_lost.IsStranded).ToArray(), moves);
    }

    /// <summary>Who is bound for a host that is lost goes elsewhere, too, and bars nobody.</summary>
    private bool IsBarred(MoveState move, string host) => AffinityRules.Bars(move, host, moves.Where(other => !_lost.Contains(other.Destination)));

    /// <summary>In one form, whatever the user's culture writes between hours and minutes.</summary>
    internal static string? Clock(DateTimeOffset? time) => time?.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private void Report()
    {
        var left = EvacuationForecast.TimeLeft(moves, _links.Map, Plan.Options, _links.Measured);
        var total = moves.Sum(move => TransferSize.Of(move.Planned.Domain));
        run.Show(new EvacuationProgress(
            moves.Count,
            moves.Count(move => move.State is EvacuatedState.Moved),
            _moving.Count,
            moves.Count(move => move.IsOver && move.State is not EvacuatedState.Moved),
            total > 0 ? (int)(100 - moves.Sum(move => Math.Min(move.BytesLeft, TransferSize.Of(move.Planned.Domain))) / total * 100) : 100,
            left));
        if (_warned || !(left > TimeToDeadline))
            return;
        _warned = true;
        run.Notice($"At the current rate the last VM arrives at {Clock(DateTimeOffset.Now + left)}, after the deadline of {Clock(Plan.Policy.Deadline)}. At the deadline: {Plan.Policy.OnDeadline}.");
    }
}
