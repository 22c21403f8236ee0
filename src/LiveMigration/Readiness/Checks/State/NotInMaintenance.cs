using LiveMigration.Errors;
using LiveMigration.Hosts.Maintenance;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM112: who put a host into maintenance wanted no VMs there.</summary>
internal sealed class NotInMaintenance()
    : ReadinessCheck("LM112", "The destination is not in maintenance", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.HostInMaintenance;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var name = facts.Destination.Name;
        return
        [
            facts.Destination.Maintenance.Value switch
            {
                null => Pass($"{name} is not in maintenance."),
                { State: HostMaintenanceState.Leaving } => Pass($"{name} is leaving maintenance, and takes VMs again."),
                var maintenance => Broken($"{name} is in maintenance: {maintenance}.", $"Exit-HostMaintenance {FixCommand.Quote(name)}"),
            },
        ];
    }
}
