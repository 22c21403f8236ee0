namespace LiveMigration.Hosts.Maintenance;

/// <summary>Whether a host in maintenance takes VMs.</summary>
public enum HostMaintenanceState
{
    /// <summary>It takes none: it is being evacuated, or is empty.</summary>
    InMaintenance,

    /// <summary>It takes VMs again, and those that left it for the maintenance are being brought back.</summary>
    Leaving,
}
