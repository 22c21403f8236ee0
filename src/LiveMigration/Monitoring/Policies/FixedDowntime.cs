using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>One downtime, set when copying begins; the steps of a <see cref="ConvergenceSchedule"/> may change it.</summary>
/// <param name="Downtime">1 ms to 2,000 s.</param>
public sealed record FixedDowntime(Duration Downtime) : DowntimeSchedule
{
    internal override ConvergenceRule Start(double dataSize) => new FixedDowntimeRule(Downtime);
}
