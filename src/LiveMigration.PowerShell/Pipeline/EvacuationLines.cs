using System.Collections.Concurrent;
using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.Migration;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A line of progress for the whole evacuation, and below it one for each migration under way.</summary>
internal sealed class EvacuationLines : IDisposable
{
    private const int ParentId = 1;

    private readonly ConcurrentDictionary<MigrationRun, int> _lines = new();
    private readonly EvacuationRun _run;
    private readonly Action<ProgressRecord> _write;
    private int _last = ParentId;

    internal EvacuationLines(EvacuationRun run, Action<ProgressRecord> write)
    {
        (_run, _write) = (run, write);
        run.Progressed += OnProgressed;
        run.MigrationStarted += OnStarted;
    }

    private static string What(EvacuationGoal goal) => goal switch
    {
        EvacuationGoal.Evacuate => "Evacuating",
        EvacuationGoal.Balance => "Balancing",
        EvacuationGoal.Pack => "Packing VMs from",
        _ => "Spreading VMs from",
    };

    public void Dispose()
    {
        _run.Progressed -= OnProgressed;
        _run.MigrationStarted -= OnStarted;
    }

    private void OnStarted(object? sender, MigrationRun migration) => _lines.TryAdd(migration, Interlocked.Increment(ref _last));

    private void OnProgressed(object? sender, EvacuationProgress progress)
    {
        _write(new ProgressRecord(ParentId, $"{What(_run.Plan.Goal)} {string.Join(", ", _run.Plan.Sources)}", $"{progress}")
        {
            PercentComplete = progress.Percent,
            SecondsRemaining = (int)Math.Min(progress.TimeLeft.TotalSeconds, int.MaxValue),
        });
        foreach (var (migration, id) in _lines)
        {
            if (!migration.Completion.IsCompleted)
                _write(ProgressText.Record(migration, migration.Progress, id, ParentId));
            else if (_lines.TryRemove(migration, out _))
                _write(ProgressText.Completed(migration, id, ParentId));
        }
    }
}
