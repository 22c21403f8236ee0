using LiveMigration.Monitoring;

namespace LiveMigration.Migration.Events;

/// <summary>A migration → its events, from now on until it ends or this is disposed.</summary>
public sealed class MigrationEvents : IDisposable
{
    /// <summary>Between two passes that take long, so many percent are an event of their own.</summary>
    private const int Step = 10;

    private readonly MigrationRun _run;
    private readonly Action<MigrationEvent> _listener;
    private readonly string? _evacuation;
    private readonly object _gate = new();
    private readonly bool _fromStart;
    private MigrationPhase _phase;
    private int _pass;
    private int _percent;
    private int _notices;
    private bool _over;

    private MigrationEvents(MigrationRun run, Action<MigrationEvent> listener, bool fromStart, string? evacuation) =>
        (_run, _listener, _fromStart, _evacuation) = (run, listener, fromStart && !run.IsForeign, evacuation);

    /// <summary>Ends when the last event was told.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to tell of a migration.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="listener">Is told each event, one at a time, on the threads that carry the migration out: it must be quick.</param>
    /// <param name="fromStart">Whether it was started just now, and not watched at some later time.</param>
    /// <param name="evacuation">The id of the evacuation that it belongs to.</param>
    public static MigrationEvents Watch(MigrationRun run, Action<MigrationEvent> listener, bool fromStart, string? evacuation = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(listener);
        var events = new MigrationEvents(run, listener, fromStart, evacuation);
        events.Begin();
        return events;
    }

    /// <summary>Tells no more.</summary>
    public void Dispose()
    {
        lock (_gate)
            _over = true;
        _run.Progressed -= OnProgressed;
        _run.Noticed -= OnNoticed;
    }

    private void Begin()
    {
        lock (_gate)
        {
            var progress = _run.Progress;
            (_phase, _pass, _percent) = (progress.Phase, progress.Iteration ?? 0, progress.Percent);
            Tell(_fromStart ? MigrationEventKind.Started : MigrationEventKind.Watched, progress);
            _run.Progressed += OnProgressed;
            _run.Noticed += OnNoticed;
            TellNotices();
        }

        Ended = EndAsync();
    }

    private void OnProgressed(object? sender, MigrationProgress progress)
    {
        lock (_gate)
        {
            if (progress.Phase != _phase)
            {
                _phase = progress.Phase;
                if (_phase is MigrationPhase.Switching or MigrationPhase.PostCopy)
                    Tell(_phase is MigrationPhase.Switching ? MigrationEventKind.Switching : MigrationEventKind.PostCopy, progress);
            }

            if (_phase is not (MigrationPhase.Copying or MigrationPhase.PostCopy) || !(progress.Iteration > _pass || progress.Percent >= _percent + Step))
                return;
            (_pass, _percent) = (Math.Max(progress.Iteration ?? 0, _pass), progress.Percent);
            Tell(MigrationEventKind.Progress, progress);
        }
    }

    private void OnNoticed(object? sender, string notice)
    {
        lock (_gate)
            TellNotices();
    }

    /// <summary>The list counts, and not what is heard: something may have been said before.</summary>
    private void TellNotices()
    {
        foreach (var notice in _run.Notices.Skip(_notices).ToArray())
        {
            _notices++;
            Tell(MigrationEventKind.Notice, text: notice);
        }
    }

    private async Task EndAsync()
    {
        var result = await _run.Completion.ConfigureAwait(false);
        lock (_gate)
        {
            TellNotices();
            Tell(
                result.Outcome switch
                {
                    MigrationOutcome.Completed => MigrationEventKind.Completed,
                    MigrationOutcome.Cancelled => MigrationEventKind.Cancelled,
                    MigrationOutcome.Detached => MigrationEventKind.Detached,
                    _ => MigrationEventKind.Failed,
                },
                _run.Progress,
                result,
                result.Error);
        }

        Dispose();
    }

    private void Tell(MigrationEventKind kind, MigrationProgress? progress = null, MigrationResult? result = null, string? text = null)
    {
        if (_over)
            return;
        _listener(new MigrationEvent
        {
            Time = _run.Time.GetLocalNow(), Event = kind, Name = _run.Name, Uuid = _run.Uuid, Source = _run.Source, Destination = _run.Destination, Migration = _run.Id,
            Evacuation = _evacuation, Progress = progress, Result = result, Text = text,
        });
    }
}
