using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>A downtime, and from when on it is allowed.</summary>
/// <param name="At">Time since the migration began.</param>
/// <param name="Downtime">The downtime.</param>
public sealed record DowntimeStep(TimeSpan At, Duration Downtime);
