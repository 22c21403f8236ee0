using LiveMigration.Errors;

namespace LiveMigration.Evacuation;

/// <summary>One attempt to move a domain.</summary>
public sealed record EvacuationAttempt
{
    /// <summary>The destination.</summary>
    public required string Destination { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When the result was known; null if it has not ended, or no process observed its end.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The result: Migrating while it runs, Moved, Stayed if the domain remained on its host, or Unclear.</summary>
    public EvacuatedState State { get; init; } = EvacuatedState.Migrating;

    /// <summary>Bytes transferred; null if unknown.</summary>
    public long? Transferred { get; init; }

    /// <summary>The downtime; null if unknown.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Why the domain did not arrive; null when it did.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure; null when it did not fail.</summary>
    public Fault? Fault { get; init; }

    /// <summary>How long it took; null when its end is not known.</summary>
    public TimeSpan? Time => EndTime is { } end ? end - StartTime : null;

    /// <summary>Bytes per second, from start to end; null when that is not known.</summary>
    public long? Rate => Transferred is > 0 and var bytes && Time is { TotalSeconds: > 0 } time ? (long)(bytes / time.TotalSeconds) : null;

    /// <summary>For example <c>→ b, Moved</c>.</summary>
    public override string ToString() => $"→ {Destination}, {State}";
}
