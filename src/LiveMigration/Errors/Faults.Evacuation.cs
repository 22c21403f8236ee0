namespace LiveMigration.Errors;

public static partial class Faults
{
    /// <summary>There is no such evacuation.</summary>
    public static readonly Fault EvacuationNotFound = new("EvacuationNotFound", FaultCategory.ObjectNotFound,
        "List the evacuations of this user on this machine with Get-HostEvacuation.");

    /// <summary>A journal that cannot be read.</summary>
    public static readonly Fault JournalDamaged = new("JournalDamaged", FaultCategory.InvalidResult,
        "Look with Get-LibvirtDomain where each VM is, and plan anew. The journal's file is left as it is.");

    /// <summary>A journal cannot be written.</summary>
    public static readonly Fault JournalNotWritable = new("JournalNotWritable", FaultCategory.ResourceUnavailable,
        "Make room on that disk or correct the rights of the folder, then continue with Resume-HostEvacuation: no other migration has begun, and those under way were stopped.");

    /// <summary>Another process carries the evacuation out.</summary>
    public static readonly Fault EvacuationRuns = new("EvacuationRuns", FaultCategory.ResourceBusy,
        "Watch it with Get-HostEvacuation, or stop it with Stop-HostEvacuation.");

    /// <summary>Nobody carries the evacuation out.</summary>
    public static readonly Fault EvacuationNotRunning = new("EvacuationNotRunning", FaultCategory.InvalidOperation,
        "Go on with Resume-HostEvacuation, or look at it with Get-HostEvacuation.");

    /// <summary>The world is not the plan's any more.</summary>
    public static readonly Fault PlanOutdated = new("PlanOutdated", FaultCategory.InvalidOperation,
        "Make a new plan with New-EvacuationPlan.");

    /// <summary>An evacuation ended before this domain's turn came.</summary>
    public static readonly Fault EvacuationStopped = new("EvacuationStopped", FaultCategory.OperationStopped,
        "Go on with Resume-HostEvacuation.");

    /// <summary>The domain would not get done in time.</summary>
    public static readonly Fault DeadlineMissed = new("DeadlineMissed", FaultCategory.OperationTimeout,
        "Begin earlier, give more bandwidth, or allow -OnDeadline Suspend or PostCopy.");
}
