using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>A domain in an evacuation, and its state.</summary>
public sealed record EvacuatedDomain
{
    private readonly ItemList<EvacuationAttempt> _tries = ItemList<EvacuationAttempt>.Empty;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Where it was.</summary>
    public required string Source { get; init; }

    /// <summary>The host where it is once it has moved; before that, its destination. Null if it cannot go anywhere.</summary>
    public string? Destination { get; init; }

    /// <summary>Its state.</summary>
    public EvacuatedState State { get; init; }

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; init; }

    /// <summary>The attempts, in order.</summary>
    public IReadOnlyList<EvacuationAttempt> Tries { get => _tries; init => _tries = ItemList<EvacuationAttempt>.Of(value); }

    /// <summary>When its last migration started.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The predicted duration.</summary>
    public TimeSpan? PlannedTime { get; init; }

    /// <summary>The downtime; null if unknown.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes transferred, including failed attempts; null if unknown.</summary>
    public long? Transferred { get; init; }

    /// <summary>Why it is not where it should be; null when it is.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure; null when it did not fail.</summary>
    public Fault? Fault { get; init; }

    /// <summary>For example <c>web1: a → b, Moved</c>.</summary>
    public override string ToString() => $"{Name}: {Source} → {Destination ?? "?"}, {State}";
}
