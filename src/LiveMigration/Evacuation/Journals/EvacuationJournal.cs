using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The journal of an evacuation that this process carries out: each step is on the disk before it is taken.</summary>
internal sealed class EvacuationJournal : IDisposable
{
    private readonly object _gate = new();
    private readonly EvacuationJournals _journals;
    private readonly RecordLog _log;
    private EvacuationHistory? _history;

    internal EvacuationJournal(EvacuationJournals journals, string id, RecordLog log, EvacuationHistory? history)
    {
        (_journals, Id, _log, _history) = (journals, id, log, history);
        // What was asked of somebody before us is not asked of us.
        System.IO.File.Delete(journals.StopRequest(id));
    }

    internal string Id { get; }

    internal string File => _journals.File(Id);

    /// <summary>What has become of one so far.</summary>
    internal EvacuatedDomain this[Guid vm]
    {
        get
        {
            lock (_gate)
                return _history![vm];
        }
    }

    /// <summary>How it is asked to stop; null when it is not. Any process may ask.</summary>
    internal string? StopRequest => System.IO.File.Exists(_journals.StopRequest(Id)) ? System.IO.File.ReadAllText(_journals.StopRequest(Id)) : null;

    internal void Begin(EvacuationPlan plan, IEnumerable<RecordedHost> hosts, IReadOnlySet<Guid> autostart)
    {
        Add(PlanSteps.Begin(Id, plan));
        foreach (var host in hosts)
            Add(host.Write());
        foreach (var step in DescriptionSteps.Of(plan.Description))
            Add(step);
        foreach (var move in plan.Moves)
            Move(move, autostart.Contains(move.Domain.Uuid));
        foreach (var stays in plan.Unmovable)
            Add(PlanSteps.Stays(stays));
        Add(JournalStep.Of("ready"));
    }

    internal void Resume() => Add(JournalStep.Of("resume"));

    internal void Move(PlannedMove move, bool autostart) => Add(PlanSteps.Move(move, autostart));

    internal void Attempt(Guid vm, string destination, bool pauses) => Add(JournalStep.Of("attempt", ("vm", vm), ("to", destination), ("pauses", pauses)));

    internal void Moved(Guid vm, string destination, MigrationResult? result) => Add(JournalStep.Of("moved", [("vm", vm), ("to", destination), .. Figures(result)]));

    internal void Failed(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("failed", vm, error, result);

    internal void Stayed(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("stayed", vm, error, result);

    internal void Unclear(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("unclear", vm, error, result);

    internal void Stop(string reason) => Add(JournalStep.Of("stop", ("reason", reason)));

    internal void End() => Add(JournalStep.Of("end"));

    /// <summary>What its file says of it; to be called when it is closed.</summary>
    /// <exception cref="LiveMigrationException">It is gone, or cannot be read.</exception>
    internal HostEvacuation Tell() => _journals.Tell(Id);

    public void Dispose()
    {
        _log.Dispose();
        System.IO.File.Delete(_journals.StopRequest(Id));
    }

    private void Add(string kind, Guid vm, LiveMigrationException error, MigrationResult? result) =>
        Add(JournalStep.Of(kind, [("vm", vm), ("fault", error.Fault.Id), ("error", error.Message), .. Figures(result)]));

    /// <summary>What a reader of the file will find is what is kept: a step as it was written.</summary>
    private void Add(JournalStep step)
    {
        lock (_gate)
        {
            var written = JournalStep.Read(_log.Append(step.Write()));
            if (_history is null)
                _history = EvacuationHistory.Of(written);
            else
                _history.Take(written);
        }
    }

    private static IEnumerable<(string, FieldValue)> Figures(MigrationResult? result)
    {
        if (result is null)
            yield break;
        yield return ("time", (long)Math.Round(result.TotalTime.TotalMilliseconds));
        yield return ("downtime", result.Downtime is { } downtime ? (long)Math.Round(downtime.TotalMilliseconds) : default(long?));
        yield return ("bytes", result.Transferred);
    }
}
