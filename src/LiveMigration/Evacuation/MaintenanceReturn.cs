namespace LiveMigration.Evacuation;

/// <summary>How the domains come back that left a host for its maintenance.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Changes">What is not as the maintenance left it.</param>
/// <param name="Missing">The names of domains that run on none of the hosts that were asked.</param>
public sealed record MaintenanceReturn(EvacuationPlan Plan, IReadOnlyList<string> Changes, IReadOnlyList<string> Missing);
