using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>oVirt's way: things to do one after another as pass after pass over memory brings no end.</summary>
/// <remarks>vdsm lib/vdsm/virt/migration.py, <c>MonitorThread</c></remarks>
public sealed record ConvergenceSchedule
{
    /// <summary>How often it looks; at one look at most one step is made.</summary>
    public Duration Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The steps, in order.</summary>
    public required IReadOnlyList<ConvergenceStep> Steps { get; init; }

    /// <inheritdoc/>
    public bool Equals(ConvergenceSchedule? other) =>
        other is not null && Interval == other.Interval && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(Interval.GetHashCode(), HashCode.Combine);
}
