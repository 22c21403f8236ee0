namespace LiveMigration.Errors;

public static partial class Faults
{
    /// <summary>The evacuation does not exist.</summary>
    public static readonly Fault EvacuationNotFound = new("EvacuationNotFound", FaultCategory.ObjectNotFound,
        "List the evacuations of this user on this machine with Get-HostEvacuation.");

    /// <summary>The name now stands for a different machine than when the evacuation started.</summary>
    public static readonly Fault HostNotTheSame = new("HostNotTheSame", FaultCategory.InvalidArgument,
        "Connect the recorded host under this name: Connect-LibvirtHost URI -Name NAME. If it is gone, make a new plan for the VMs that are left.");

    /// <summary>The journal of an evacuation is damaged, or cannot be read.</summary>
    public static readonly Fault JournalDamaged = new("JournalDamaged", FaultCategory.InvalidResult,
        "Check where each VM is with Get-LibvirtDomain, and make a new plan. The journal file was not changed.");

    /// <summary>The journal of an evacuation cannot be written.</summary>
    public static readonly Fault JournalNotWritable = new("JournalNotWritable", FaultCategory.ResourceUnavailable,
        "Free space on that disk or correct the folder's permissions, then continue with Resume-HostEvacuation: no further migration was started, and running ones were stopped.");

    /// <summary>The journal of an evacuation cannot be removed.</summary>
    public static readonly Fault JournalNotRemovable = new("JournalNotRemovable", FaultCategory.ResourceUnavailable,
        "Check the permissions of the file and its folder, and free space on that disk.");

    /// <summary>Something still needs the journal of the evacuation.</summary>
    public static readonly Fault EvacuationNeeded = new("EvacuationNeeded", FaultCategory.InvalidOperation,
        "Resume it, or bring its VMs back first. To give that up, remove it with -Force.");

    /// <summary>Another process is running the evacuation.</summary>
    public static readonly Fault EvacuationRuns = new("EvacuationRuns", FaultCategory.ResourceBusy,
        "Watch it with Get-HostEvacuation, or stop it with Stop-HostEvacuation.");

    /// <summary>No process is running the evacuation.</summary>
    public static readonly Fault EvacuationNotRunning = new("EvacuationNotRunning", FaultCategory.InvalidOperation,
        "Resume it with Resume-HostEvacuation, or view it with Get-HostEvacuation.");

    /// <summary>The hosts and VMs no longer match the plan.</summary>
    public static readonly Fault PlanOutdated = new("PlanOutdated", FaultCategory.InvalidOperation,
        "Make a new plan with New-EvacuationPlan.");

    /// <summary>The host is in maintenance and takes no VMs.</summary>
    public static readonly Fault HostInMaintenance = new("HostInMaintenance", FaultCategory.InvalidOperation,
        "Choose another host, or end the maintenance with Exit-HostMaintenance. Get-LibvirtHost shows who began it and why.");

    /// <summary>A host takes VMs again, but not all of its own are back.</summary>
    public static readonly Fault MaintenanceNotEnded = new("MaintenanceNotEnded", FaultCategory.InvalidOperation,
        "Run Exit-HostMaintenance again to bring the others back, or with -KeepPlacement to leave them where they are. Connect the hosts where they may be first.");

    /// <summary>VMs run on a host that was to be empty.</summary>
    public static readonly Fault HostNotEmpty = new("HostNotEmpty", FaultCategory.InvalidOperation,
        "Run Enter-HostMaintenance again: it moves them, too. Do not switch the host off before Get-LibvirtHost shows no running VM.");

    /// <summary>The evacuation ended before this domain was migrated.</summary>
    public static readonly Fault EvacuationStopped = new("EvacuationStopped", FaultCategory.OperationStopped,
        "Continue with Resume-HostEvacuation.");

    /// <summary>The migration would not complete before the deadline.</summary>
    public static readonly Fault DeadlineMissed = new("DeadlineMissed", FaultCategory.OperationTimeout,
        "Start earlier, allow more bandwidth, or use -OnDeadline Suspend or PostCopy.");
}
