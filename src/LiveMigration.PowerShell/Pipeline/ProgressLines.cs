using System.Management.Automation;
using LiveMigration.Migration;
using LiveMigration.Monitoring;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A line of progress for each migration, under one for all of them when there are several.</summary>
internal sealed class ProgressLines(int count, string title, Action<ProgressRecord> write)
{
    private const int ParentId = 1;

    private readonly object _gate = new();
    private readonly Dictionary<MigrationRun, (int Id, int Percent)> _running = [];
    private int _nextId = ParentId;
    private int _ended;

    /// <summary>Shows how far one of them is.</summary>
    internal void Show(MigrationRun run, MigrationProgress progress)
    {
        lock (_gate)
        {
            var id = _running.TryGetValue(run, out var line) ? line.Id : ++_nextId;
            _running[run] = (id, progress.Percent);
            write(ProgressText.Record(run, progress, id, count > 1 ? ParentId : -1));
            ShowParent();
        }
    }

    /// <summary>Takes the line of one that has ended away.</summary>
    internal void End(MigrationRun run)
    {
        lock (_gate)
        {
            _ended++;
            if (_running.Remove(run, out var line))
                write(ProgressText.Completed(run, line.Id, count > 1 ? ParentId : -1));
            ShowParent();
        }
    }

    private void ShowParent()
    {
        if (count < 2)
            return;
        write(new ProgressRecord(ParentId, title, $"{_ended} of {count} VMs done, {_running.Count} migrating")
        {
            PercentComplete = ((_ended * 100) + _running.Values.Sum(line => line.Percent)) / count,
            RecordType = _ended == count ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }
}
