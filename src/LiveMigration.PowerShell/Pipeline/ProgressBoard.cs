using System.Management.Automation;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>The lines of progress of one cmdlet: the last record of each activity, and which lines are still shown.</summary>
internal sealed class ProgressBoard
{
    private static long _lastSource = 1L << 32;

    private readonly object _gate = new();
    private readonly SortedDictionary<int, ProgressRecord> _pending = [];
    private readonly SortedDictionary<int, ProgressRecord> _shown = [];

    /// <summary>Ours, so that the line can be taken away when the pipeline is stopping and the cmdlet may write no more.</summary>
    private readonly long _source = Interlocked.Increment(ref _lastSource);

    /// <summary>Keeps a record to be shown; true when nothing was waiting, so that somebody has to be told.</summary>
    internal bool Put(ProgressRecord record)
    {
        lock (_gate)
        {
            _pending[record.ActivityId] = record;
            return _pending.Count == 1;
        }
    }

    /// <summary>On the pipeline thread: shows what waits.</summary>
    internal void Show(PSCmdlet cmdlet)
    {
        ProgressRecord[] records;
        lock (_gate)
        {
            records = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var record in records)
        {
            if (record.RecordType is ProgressRecordType.Completed)
                _shown.Remove(record.ActivityId);
            else
                _shown[record.ActivityId] = record;
            cmdlet.CommandRuntime.WriteProgress(_source, record);
        }
    }

    /// <summary>On the pipeline thread: ends every line that is still shown, children first.</summary>
    internal void Close(PSCmdlet cmdlet, bool stopping)
    {
        foreach (var record in _shown.Values.Reverse())
        {
            record.RecordType = ProgressRecordType.Completed;
            if (stopping)
                cmdlet.Host.UI.WriteProgress(_source, record);
            else
                cmdlet.CommandRuntime.WriteProgress(_source, record);
        }

        _shown.Clear();
    }
}
