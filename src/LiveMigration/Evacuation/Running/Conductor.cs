using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// Carries an evacuation out: lets migrations begin, divides the links among them, and settles what becomes of each. All decisions are
/// made here, one after the other; what takes time goes on beside.
/// </summary>
internal sealed class Conductor(EvacuationRun run, EvacuationJournal journal, IReadOnlyDictionary<string, LibvirtHost> hosts, IReadOnlyList<Journey> journeys)
{
    /// <summary>How long migrations may take to end that were told to because the evacuation failed.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(90);

    private readonly Dictionary<Journey, Task> _moving = [];
    private readonly LostHosts _lost = new(run.Plan, hosts);
    private readonly Links _links = new(LinkMap.Of(run.Plan), journeys);
    private readonly HashSet<Guid> _canaries = [.. journeys.OrderBy(journey => Traffic.Of(journey.Move.Domain)).ThenBy(journey => journey.Uuid).Take(run.Plan.Policy.Canary).Select(journey => journey.Uuid)];
    private string? _stopped;
    private volatile bool _aborts;
    private bool _warned;

    internal EvacuationPlan Plan => run.Plan;

    internal EvacuationJournal Journal => journal;

    internal Links Links => _links;

    private IEnumerable<Journey> Waiting => journeys.Where(journey => journey.State is EvacuatedState.Waiting);

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
                await Task.WhenAny(ended, Task.Delay(Links.Pulse)).ConfigureAwait(false);
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
            foreach (var journey in _moving.Keys)
                ShortPause.Lengthen(journey);
            EndEndless();
            Report();
            await Task.WhenAny([Task.Delay(Links.Pulse), .. _moving.Values]).ConfigureAwait(false);
        }

        // Of those that were not looked for, the journal says what is known.
        foreach (var journey in Waiting.Where(journey => !journey.IsFoundling).ToList())
            Stay(journey, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{journey.Name}' was not started: {_stopped}", journey.Move.Source), null);
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
    internal Punctuality Punctuality(Journey journey) =>
        Running.Punctuality.Of(TimeToDeadline, TimeSpan.FromSeconds(Traffic.Of(journey.Move.Domain) / _links.Fastest(journey)) + Plan.Options.Overhead.Value, Plan.Policy.OnDeadline);

    private void Begin()
    {
        foreach (var late in Waiting.Where(journey => !journey.IsFoundling && !Punctuality(journey).MayBegin).ToList())
            Stay(late, new LiveMigrationException(Faults.DeadlineMissed, $"The migration of '{late.Name}' to {late.Destination} would not complete by {Plan.Policy.Deadline:HH:mm:ss}.", late.Move.Source), null);
        var canariesOut = journeys.Any(journey => _canaries.Contains(journey.Uuid) && !journey.IsOver);
        var may = Waiting.Where(journey => !_lost.IsStranded(journey) && (!canariesOut || _canaries.Contains(journey.Uuid)));
        var away = journeys.Where(journey => journey.IsOver).Select(journey => journey.Uuid).ToHashSet();
        var here = journeys.Select(journey => journey.Uuid).ToHashSet();
        foreach (var journey in Turnstile.Admit(may, _moving.Keys, _links.Map, Plan.Options, vm => away.Contains(vm) || !here.Contains(vm)))
        {
            journey.State = EvacuatedState.Migrating;
            _moving.Add(journey, Task.Run(async () => journey.Outcome = await new Carriage(this, journey).CarryAsync().ConfigureAwait(false)));
        }
    }

    private async Task CollectAsync()
    {
        foreach (var (journey, task) in _moving.Where(moving => moving.Value.IsCompleted).ToList())
        {
            await task.ConfigureAwait(false);
            _moving.Remove(journey);
            await SettleAsync(journey, journey.Outcome!).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(Journey journey, Outcome outcome)
    {
        (journey.Run, journey.Share, journey.IsFoundling) = (null, null, false);
        if (outcome.Error is not { } error)
        {
            journey.Destination = outcome.Host!;
            journal.Moved(journey.Uuid, outcome.Host!, outcome.Result);
            Settle(journey, EvacuatedState.Moved);
            return;
        }

        if (_aborts && outcome.IsAtSource)
        {
            Stay(journey, new LiveMigrationException(Faults.EvacuationStopped, error.Message, error.Host, error), outcome.Result);
            return;
        }

        if (await _lost.TakeIfSilentAsync(journey.Destination).ConfigureAwait(false))
            run.Notice($"{journey.Destination} no longer answers: VMs planned for it go to other hosts.");
        if (error.Fault.IsPermanent)
            journey.Hopeless.Add(journey.Destination);
        var next = NextTry.After(
            journey.Move, journey.Tried, outcome.Verdict, error.Fault, Plan.Policy, host => _lost.Contains(host) || IsBarred(journey, host) || journey.Hopeless.Contains(host));
        switch (next.Step)
        {
            case NextStep.Again or NextStep.Replan:
                journal.Failed(journey.Uuid, error, outcome.Result);
                run.Notice($"{error.Message} The migration of '{journey.Name}' is retried.");
                (journey.State, journey.Pauses) = (EvacuatedState.Waiting, next.Pauses);
                journey.Destination = next.Destination ?? journey.Destination;
                break;
            case NextStep.Leave:
                Stay(journey, error, outcome.Result);
                break;
            default:
                if (outcome.IsAtSource)
                {
                    Stay(journey, error, outcome.Result);
                }
                else
                {
                    journal.Unclear(journey.Uuid, error, outcome.Result);
                    Settle(journey, EvacuatedState.Unclear);
                }

                if (next.Step is NextStep.Halt)
                    Stop($"'{journey.Name}' could not be moved: {error.Message}");
                break;
        }

        if (journeys.Count(other => other.IsOver && other.State is not EvacuatedState.Moved) >= Plan.Policy.MaxFailures)
            Stop($"{Plan.Policy.MaxFailures} VMs could not be moved");
    }

    private void Stay(Journey journey, LiveMigrationException error, Migration.MigrationResult? result)
    {
        journal.Stayed(journey.Uuid, error, result);
        Settle(journey, EvacuatedState.Stayed);
    }

    private void Settle(Journey journey, EvacuatedState state)
    {
        journey.State = state;
        run.Settled(journal[journey.Uuid]);
        if (state is not EvacuatedState.Moved && _canaries.Contains(journey.Uuid))
            Stop($"the canary '{journey.Name}' failed to move");
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
        foreach (var journey in _moving.Keys)
            End(journey, new LiveMigrationException(Faults.EvacuationStopped, $"The migration of '{journey.Name}' was stopped: {reason}.", journey.Move.Source));
    }

    /// <summary>A guest that changes memory as fast as it is sent would be sent for ever.</summary>
    private void EndEndless()
    {
        foreach (var journey in _moving.Keys.Where(journey => journey.IsEndless))
            End(journey, new LiveMigrationException(Faults.NotConverging, $"'{journey.Name}' does not converge: it changes memory as fast as it can be sent to {journey.Destination}.", journey.Move.Source), Plan.Policy.Migration.PostCopy);
    }

    private static void End(Journey journey, LiveMigrationException reason, bool postCopy = false)
    {
        if (journey.Ending is not null || journey.Run is not { } migration || migration.IsPostCopy)
            return;
        journey.Ending = reason;
        journey.Order = Task.Run(async () =>
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
        foreach (var (journey, move, reason) in await _lost.FoundAsync().ConfigureAwait(false))
        {
            // Others have been sent there meanwhile: it is looked for again.
            if (move is not null && IsBarred(journey, move.Destination))
                continue;
            if (move is not null)
            {
                (journey.Move, journey.Destination) = (move, move.Destination);
                journal.Move(move, journey.Autostart);
            }
            else
            {
                Stay(journey, new LiveMigrationException(Faults.HostUnreachable, $"No destination was found for '{journey.Name}': {reason ?? $"{journey.Destination} does not answer"}.", journey.Move.Source), null);
            }
        }

        if (_stopped is null)
            _lost.Search(Waiting.Where(_lost.IsStranded).ToArray(), journeys);
    }

    /// <summary>Who is bound for a host that is lost goes elsewhere, too, and bars nobody.</summary>
    private bool IsBarred(Journey journey, string host) => Company.Bars(journey, host, journeys.Where(other => !_lost.Contains(other.Destination)));

    private void Report()
    {
        var left = Outlook.TimeLeft(journeys, _links.Map, Plan.Options, _links.Measured);
        var total = journeys.Sum(journey => Traffic.Of(journey.Move.Domain));
        run.Show(new EvacuationProgress(
            journeys.Count,
            journeys.Count(journey => journey.State is EvacuatedState.Moved),
            _moving.Count,
            journeys.Count(journey => journey.IsOver && journey.State is not EvacuatedState.Moved),
            total > 0 ? (int)(100 - journeys.Sum(journey => Math.Min(journey.BytesLeft, Traffic.Of(journey.Move.Domain))) / total * 100) : 100,
            left));
        if (_warned || !(left > TimeToDeadline))
            return;
        _warned = true;
        run.Notice($"At the current rate the last VM arrives at {DateTimeOffset.Now + left:HH:mm:ss}, after the deadline of {Plan.Policy.Deadline:HH:mm:ss}. At the deadline: {Plan.Policy.OnDeadline}.");
    }
}
