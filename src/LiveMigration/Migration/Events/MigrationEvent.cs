using LiveMigration.Monitoring;

namespace LiveMigration.Migration.Events;

/// <summary>Something that has happened in a migration or an evacuation.</summary>
public sealed record MigrationEvent
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What.</summary>
    public required MigrationEventKind Event { get; init; }

    /// <summary>The VM's name; null where the event is about an evacuation as a whole.</summary>
    public string? Name { get; init; }

    /// <summary>The VM's UUID; null where the event is about an evacuation as a whole.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The host where the VM was; of an evacuation the hosts that it empties.</summary>
    public required string Source { get; init; }

    /// <summary>The host where it goes; null where that is not known.</summary>
    public string? Destination { get; init; }

    /// <summary>Which migration: the Id of its <see cref="MigrationRun"/>. Null for events of evacuations.</summary>
    public Guid? Migration { get; init; }

    /// <summary>The id of the evacuation that the migration belongs to; null where it belongs to none.</summary>
    public string? Evacuation { get; init; }

    /// <summary>How far the migration is; null where that says nothing.</summary>
    public MigrationProgress? Progress { get; init; }

    /// <summary>The result; null before the end.</summary>
    public MigrationResult? Result { get; init; }

    /// <summary>The message, or the error; null where there is none.</summary>
    public string? Text { get; init; }

    /// <summary>For example <c>web1: a → b, Progress, 42 %</c>.</summary>
    public override string ToString() =>
        $"{(Name is null ? Evacuation : $"{Name}: {Source} → {Destination ?? "?"}")}, {Event}{(Progress is { } progress && Result is null ? $", {progress.Percent} %" : "")}{(Text is null ? "" : $": {Text}")}";
}
