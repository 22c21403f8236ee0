using System.Globalization;
using System.Security.Cryptography;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Ownership;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The journal of an evacuation that this process carries out: each step is on the disk before it is taken.</summary>
internal sealed class EvacuationJournal : IDisposable
{
    private readonly object _gate = new();
    private readonly RecordLog _log;
    private readonly string _id;
    private EvacuationHistory? _history;

    private EvacuationJournal(string id, RecordLog log, EvacuationHistory? history)
    {
        _id = id;
        _log = log;
        _history = history;
        // What was asked of somebody before us is not asked of us.
        File.Delete(JournalFiles.StopRequest(id));
    }

    internal string Id => _id;

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
    internal string? StopRequest => File.Exists(JournalFiles.StopRequest(_id)) ? File.ReadAllText(JournalFiles.StopRequest(_id)) : null;

    internal static EvacuationJournal Begin(EvacuationPlan plan, IEnumerable<RecordedHost> hosts, IReadOnlySet<Guid> autostart)
    {
        var id = $"{DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(2)).ToLowerInvariant()}";
        var journal = new EvacuationJournal(id, RecordLog.TryOpen(JournalFiles.File(id))!, history: null);
        journal.Add(PlanSteps.Begin(id, plan));
        foreach (var host in hosts)
            journal.Add(host.Write());
        foreach (var step in DescriptionSteps.Of(plan.Description))
            journal.Add(step);
        foreach (var move in plan.Moves)
            journal.Move(move, autostart.Contains(move.Domain.Uuid));
        foreach (var stays in plan.Unmovable)
            journal.Add(PlanSteps.Stays(stays));
        journal.Add(JournalStep.Now("ready"));
        return journal;
    }

    /// <summary>Resumes a journal whose process has ended.</summary>
    /// <exception cref="LiveMigrationException">Its process lives.</exception>
    internal static EvacuationJournal Resume(string id)
    {
        var log = RecordLog.TryOpen(JournalFiles.File(id))
            ?? throw new LiveMigrationException(Faults.EvacuationRuns, $"The evacuation {id} is already being run by another process.");
        try
        {
            var journal = new EvacuationJournal(id, log, JournalFiles.Read(id));
            journal.Add(JournalStep.Now("resume"));
            return journal;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    internal void Move(PlannedMove move, bool autostart) => Add(PlanSteps.Move(move, autostart));

    internal void Attempt(Guid vm, string destination, bool pauses) =>
        Add(JournalStep.Now("attempt", Vm(vm), ("to", destination), ("pauses", pauses ? "yes" : null)));

    internal void Moved(Guid vm, string destination, MigrationResult? result) => Add(JournalStep.Now("moved", [Vm(vm), ("to", destination), .. Figures(result)]));

    internal void Failed(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("failed", vm, error, result);

    internal void Stayed(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("stayed", vm, error, result);

    internal void Unclear(Guid vm, LiveMigrationException error, MigrationResult? result) => Add("unclear", vm, error, result);

    internal void Stop(string reason) => Add(JournalStep.Now("stop", ("reason", reason)));

    internal void End() => Add(JournalStep.Now("end"));

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(JournalFiles.StopRequest(_id));
    }

    private void Add(string kind, Guid vm, LiveMigrationException error, MigrationResult? result) =>
        Add(JournalStep.Now(kind, [Vm(vm), ("fault", error.Fault.Id), ("error", error.Message), .. Figures(result)]));

    /// <summary>What a reader of the file will find is what is kept: a step as it was written.</summary>
    private void Add(JournalStep step)
    {
        var text = step.ToString();
        lock (_gate)
        {
            _log.Append(text);
            var written = JournalStep.Parse(text);
            if (_history is null)
                _history = EvacuationHistory.Of(written);
            else
                _history.Take(written);
        }
    }

    private static (string, string?) Vm(Guid vm) => ("vm", $"{vm}");

    private static IEnumerable<(string, string?)> Figures(MigrationResult? result)
    {
        if (result is null)
            yield break;
        yield return ("time", Text(result.TotalTime.TotalMilliseconds));
        yield return ("downtime", result.Downtime is { } downtime ? Text(downtime.TotalMilliseconds) : null);
        yield return ("bytes", result.Transferred is { } bytes ? Text(bytes) : null);
    }

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
