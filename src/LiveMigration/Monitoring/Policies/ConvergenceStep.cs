using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>One thing to do, and when. With neither pass nor time it is due with the next pass.</summary>
public sealed record ConvergenceStep
{
    /// <summary>Due with a pass that is more than this many after the first one seen (oVirt's "stalling limit").</summary>
    public int? AfterIteration { get; init; }

    /// <summary>Due when the migration has taken this long.</summary>
    public Duration? After { get; init; }

    /// <summary>What to do.</summary>
    public required PolicyDecision Action { get; init; }
}
