using LiveMigration.Hosts.Maintenance;

namespace LiveMigration.Evacuation;

/// <summary>How the domains come back that left a host for its maintenance.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Changes">What is not as the maintenance left it.</param>
/// <param name="Maintenance">The maintenance, with the domains that are to come back.</param>
public sealed record MaintenanceReturn(EvacuationPlan Plan, IReadOnlyList<string> Changes, HostMaintenance Maintenance);
