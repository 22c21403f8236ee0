using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>KubeVirt's "downtime tuning": equal steps from a pass on, one at a time, while memory is being copied.</summary>
/// <remarks>kubevirt pkg/virt-launcher/virtwrap/live-migration-source.go, <c>tuneDowntime</c></remarks>
public sealed record RampedDowntime : DowntimeSchedule
{
    /// <summary>The downtime at the beginning.</summary>
    public Duration Initial { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The downtime that is never exceeded.</summary>
    public Duration Max { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>Into how many steps the way is divided.</summary>
    public int Steps { get; init; } = 7;

    /// <summary>The pass over memory in which the first step may be made.</summary>
    public int StartAfterIteration { get; init; } = 3;

    /// <summary>How long a step is given to help.</summary>
    public Duration Cooldown { get; init; } = TimeSpan.FromSeconds(10);

    internal override ConvergenceRule Start(double dataSize) => new RampedDowntimeRule(this);
}
