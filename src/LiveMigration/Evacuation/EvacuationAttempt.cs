using LiveMigration.Errors;

namespace LiveMigration.Evacuation;

/// <summary>One try to move a domain.</summary>
public sealed record EvacuationAttempt
{
    /// <summary>Where it was to go.</summary>
    public required string Destination { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it was settled what came of it; null when it has not ended, or nobody was there to see it.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>What came of it: Migrating when it goes on, Moved, Stayed when the domain was where it had been, Unclear.</summary>
    public EvacuatedState State { get; init; } = EvacuatedState.Migrating;

    /// <summary>Bytes that travelled; null when that is not known.</summary>
    public long? Transferred { get; init; }

    /// <summary>How long the guest stood still; null when that is not known.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Why the domain did not arrive; null when it did.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure; null when it did not fail.</summary>
    public Fault? Fault { get; init; }

    /// <summary>How long it took; null when its end is not known.</summary>
    public TimeSpan? Time => EndTime is { } end ? end - StartTime : null;

    /// <summary>Bytes per second, from begin to end; null when that is not known.</summary>
    public long? Rate => Transferred is > 0 and var bytes && Time is { TotalSeconds: > 0 } time ? (long)(bytes / time.TotalSeconds) : null;

    /// <summary>For example <c>→ b, Moved</c>.</summary>
    public override string ToString() => $"→ {Destination}, {State}";
}
