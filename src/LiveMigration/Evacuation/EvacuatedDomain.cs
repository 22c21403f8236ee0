using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>A domain in an evacuation, and what has become of it.</summary>
public sealed record EvacuatedDomain
{
    private readonly ItemList<EvacuationAttempt> _tries = ItemList<EvacuationAttempt>.Empty;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Where it was.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is, once it has moved; before that, where it is to go. Null when it cannot go anywhere.</summary>
    public string? Destination { get; init; }

    /// <summary>What has become of it.</summary>
    public EvacuatedState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Each of these tries, the last one last.</summary>
    public IReadOnlyList<EvacuationAttempt> Tries { get => _tries; init => _tries = ItemList<EvacuationAttempt>.Of(value); }

    /// <summary>When its last migration began.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How long the plan thought that it takes.</summary>
    public TimeSpan? PlannedTime { get; init; }

    /// <summary>How long the guest stood still; null when that is not known.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes that travelled, with the attempts that failed; null when none of them told.</summary>
    public long? Transferred { get; init; }

    /// <summary>Why it is not where it should be; null when it is.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure; null when it did not fail.</summary>
    public Fault? Fault { get; init; }

    /// <summary>For example <c>web1: a → b, Moved</c>.</summary>
    public override string ToString() => $"{Name}: {Source} → {Destination ?? "?"}, {State}";
}
