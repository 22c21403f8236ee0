using System.Collections.Concurrent;
using LiveMigration.Migration;
using LiveMigration.Migration.Events;

namespace LiveMigration.Evacuation;

/// <summary>An evacuation → its events and those of its migrations, from now on until it ends or this is disposed.</summary>
public sealed class EvacuationEvents : IDisposable
{
    private readonly EvacuationRun _run;
    private readonly Action<MigrationEvent> _listener;
    private readonly ConcurrentBag<MigrationEvents> _migrations = [];

    private EvacuationEvents(EvacuationRun run, Action<MigrationEvent> listener)
    {
        (_run, _listener) = (run, listener);
        Tell(MigrationEventKind.EvacuationStarted, $"{run}");
        run.MigrationStarted += OnStarted;
        run.DomainSettled += OnSettled;
        run.Noticed += OnNoticed;
    }

    /// <summary>Begins to tell of an evacuation.</summary>
    /// <param name="run">The evacuation.</param>
    /// <param name="listener">Is told each event on the threads that carry the evacuation out, several at once: it must be quick.</param>
    public static EvacuationEvents Watch(EvacuationRun run, Action<MigrationEvent> listener)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(listener);
        return new EvacuationEvents(run, listener);
    }

    /// <summary>Tells the end, after that of every migration.</summary>
    /// <param name="evacuation">What has become of it.</param>
    public async Task EndAsync(HostEvacuation evacuation)
    {
        ArgumentNullException.ThrowIfNull(evacuation);
        await Task.WhenAll(_migrations.Select(migration => migration.Ended)).ConfigureAwait(false);
        Tell(MigrationEventKind.EvacuationEnded, $"{evacuation}");
        Dispose();
    }

    /// <summary>Tells no more.</summary>
    public void Dispose()
    {
        _run.MigrationStarted -= OnStarted;
        _run.DomainSettled -= OnSettled;
        _run.Noticed -= OnNoticed;
        foreach (var migration in _migrations)
            migration.Dispose();
    }

    private void OnStarted(object? sender, MigrationRun migration) => _migrations.Add(MigrationEvents.Watch(migration, _listener, fromStart: true, _run.Id));

    private void OnSettled(object? sender, EvacuatedDomain domain)
    {
        if (domain.State is not EvacuatedState.Moved)
            Tell(MigrationEventKind.NotMoved, domain.Error, domain);
    }

    private void OnNoticed(object? sender, string notice) => Tell(MigrationEventKind.Notice, notice);

    private void Tell(MigrationEventKind kind, string? text, EvacuatedDomain? domain = null) => _listener(new MigrationEvent
    {
        Time = DateTimeOffset.Now, Event = kind, Name = domain?.Name, Uuid = domain?.Uuid, Source = domain?.Source ?? string.Join(", ", _run.Plan.Sources), Destination = domain?.Destination,
        Evacuation = _run.Id, Text = text,
    });
}
