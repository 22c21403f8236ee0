using System.Management.Automation;
using LiveMigration.Migration;
using LiveMigration.Monitoring;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>Passes on what a run tells, from the first word to the last, until disposed. A listener that is gone is not told.</summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly MigrationRun _run;
    private readonly Action<MigrationRun, MigrationProgress> _progressed;
    private readonly Action<string> _noticed;
    private readonly object _gate = new();
    private int _told;

    internal WatchedRun(MigrationRun run, Action<MigrationRun, MigrationProgress> progressed, Action<string> noticed)
    {
        _run = run;
        _progressed = progressed;
        _noticed = noticed;
        run.Progressed += OnProgressed;
        run.Noticed += OnNoticed;
        OnNoticed(run, "");
        OnProgressed(run, run.Progress);
    }

    public void Dispose()
    {
        _run.Progressed -= OnProgressed;
        _run.Noticed -= OnNoticed;
    }

    private void OnProgressed(object? sender, MigrationProgress progress) => Tell(() => _progressed(_run, progress));

    /// <summary>The list and not the event is what counts: something may have been said before we listened.</summary>
    private void OnNoticed(object? sender, string notice)
    {
        lock (_gate)
        {
            foreach (var untold in _run.Notices.Skip(_told).ToArray())
            {
                _told++;
                Tell(() => _noticed(untold));
            }
        }
    }

    /// <summary>A migration must not fail because nobody listens any more.</summary>
    private static void Tell(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is PipelineStoppedException or PSInvalidOperationException or ObjectDisposedException)
        {
        }
    }
}
