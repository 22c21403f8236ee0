using LiveMigration.Evacuation;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.PowerShell.Policy;

/// <summary>A migration that has been thought through, and what will decide about it while it runs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Policy">Decides about this one migration; null when nothing does.</param>
internal sealed record SteeredPlan(MigrationPlan Plan, ConvergencePolicy? Policy = null)
{
    internal Task<MigrationRun> StartAsync(QueuedMigration turn) => turn.StartAsync(Plan, Policy);
}
