using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>An evacuation as recorded in its journal, running or ended.</summary>
public sealed record HostEvacuation
{
    private readonly ItemList<string> _sources = ItemList<string>.Empty;
    private readonly ItemList<DateTimeOffset> _resumeTimes = ItemList<DateTimeOffset>.Empty;
    private readonly ItemList<EvacuatedDomain> _domains = ItemList<EvacuatedDomain>.Empty;

    /// <summary>Identifies it, and begins with the start time: <c>20261231-225900-1f3a</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The hosts to empty.</summary>
    public required IReadOnlyList<string> Sources { get => _sources; init => _sources = ItemList<string>.Of(value); }

    /// <summary>Whether it moved domains back to their original hosts.</summary>
    public bool IsReturn { get; init; }

    /// <summary>Its progress.</summary>
    public EvacuationState State { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended; null when it has not.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>From its start to its end, or to the last entry in its journal.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The predicted duration.</summary>
    public TimeSpan PlannedTime { get; init; }

    /// <summary>Why it stopped; null when it did not.</summary>
    public string? StoppedBecause { get; init; }

    /// <summary>Each time at which another process resumed it.</summary>
    public IReadOnlyList<DateTimeOffset> ResumeTimes { get => _resumeTimes; init => _resumeTimes = ItemList<DateTimeOffset>.Of(value); }

    /// <summary>The plan that it was started with.</summary>
    public required EvacuationPlan Plan { get; init; }

    /// <summary>Its domains.</summary>
    public IReadOnlyList<EvacuatedDomain> Domains { get => _domains; init => _domains = ItemList<EvacuatedDomain>.Of(value); }

    /// <summary>The journal's file.</summary>
    public required string Journal { get; init; }

    /// <summary>How many domains have moved.</summary>
    public int Moved => Count(EvacuatedState.Moved);

    /// <summary>How many are where they were.</summary>
    public int Stayed => Count(EvacuatedState.Stayed) + Count(EvacuatedState.Unmovable);

    /// <summary>How many are waiting or being migrated.</summary>
    public int Left => Count(EvacuatedState.Waiting) + Count(EvacuatedState.Migrating);

    /// <summary>How many need attention.</summary>
    public int Unclear => Count(EvacuatedState.Unclear);

    /// <summary>Whether every domain has moved.</summary>
    public bool IsComplete => Moved == Domains.Count;

    /// <summary>The total downtime of all guests, as far as that is known; null when it is of no domain.</summary>
    public TimeSpan? Downtime => Domains.Any(domain => domain.Downtime is not null) ? TimeSpan.FromTicks(Domains.Sum(domain => domain.Downtime?.Ticks ?? 0)) : null;

    /// <summary>Bytes transferred, as far as known; null if unknown for all domains.</summary>
    public long? Transferred => Domains.Any(domain => domain.Transferred is not null) ? Domains.Sum(domain => domain.Transferred) : null;

    /// <summary>For example <c>20261231-225900-1f3a: a, 11 of 12 moved, Failed</c>.</summary>
    public override string ToString() => $"{Id}: {string.Join(", ", Sources)}, {Moved} of {Domains.Count} moved, {State}";

    private int Count(EvacuatedState state) => Domains.Count(domain => domain.State == state);
}
