using LiveMigration.Errors;

namespace LiveMigration.PowerShell.Errors;

/// <summary>The rows of the table of faults that only cmdlets report.</summary>
public static class CmdletFaults
{
    /// <summary>An argument is not valid.</summary>
    public static readonly Fault InvalidArgument = new("InvalidArgument", FaultCategory.InvalidArgument,
        "See the parameter's help: Get-Help CMDLET -Parameter NAME.");

    /// <summary>An argument is null or empty.</summary>
    public static readonly Fault MissingArgument = new("MissingArgument", FaultCategory.InvalidArgument,
        "Check what the variable or expression after the parameter holds, or leave the parameter out.");

    /// <summary>The pipeline contained nothing that the cmdlet could use.</summary>
    public static readonly Fault EmptyPipeline = new("EmptyPipeline", FaultCategory.ObjectNotFound,
        "Check what the command before the pipe writes. Where finding nothing is fine, add -ErrorAction Ignore.");

    /// <summary>No VM was specified.</summary>
    public static readonly Fault NoDomain = new("NoDomain", FaultCategory.InvalidArgument,
        "Name VMs with -Name, or pipe them in.");

    /// <summary>No destination was specified.</summary>
    public static readonly Fault NoDestination = new("NoDestination", FaultCategory.InvalidArgument,
        "Name the host with -Destination, or pipe in objects with a property Destination.");

    /// <summary>The name does not stand for a host.</summary>
    public static readonly Fault InvalidHost = new("InvalidHost", FaultCategory.InvalidArgument,
        "Specify a libvirt URI, the name of a connected host (Get-LibvirtHost), an alias from uri_aliases in libvirt.conf, or a host name.");

    /// <summary>There is no such key to log in with.</summary>
    public static readonly Fault KeyFileNotFound = new("KeyFileNotFound", FaultCategory.ObjectNotFound,
        "Specify the path of the private key, on this machine, with -KeyFile.");

    /// <summary>No host is connected under that name.</summary>
    public static readonly Fault HostNotConnected = new("HostNotConnected", FaultCategory.ObjectNotFound,
        "List the connected hosts with Get-LibvirtHost.");

    /// <summary>The connection was closed by Disconnect-LibvirtHost.</summary>
    public static readonly Fault HostDisconnected = new("HostDisconnected", FaultCategory.InvalidOperation,
        "Reconnect the host with Connect-LibvirtHost, and get the domain again.");

    /// <summary>A migration uses this connection.</summary>
    public static readonly Fault HostInUse = new("HostInUse", FaultCategory.ResourceBusy,
        "Wait for the migration with Wait-VMLiveMigration, or stop it with Stop-VMLiveMigration.");

    /// <summary>No host is connected, and none was specified.</summary>
    public static readonly Fault NoHost = new("NoHost", FaultCategory.InvalidArgument,
        "Connect to a host with Connect-LibvirtHost, or specify one with -HostName.");

    /// <summary>Several hosts have a domain of that name.</summary>
    public static readonly Fault AmbiguousDomain = new("AmbiguousDomain", FaultCategory.InvalidArgument,
        "Specify the host with -HostName.");

    /// <summary>No QEMU is connected under that name.</summary>
    public static readonly Fault QemuNotConnected = new("QemuNotConnected", FaultCategory.ObjectNotFound,
        "List the connected ones with Get-QemuProcess, or connect it with Connect-QemuProcess.");

    /// <summary>Several connected QEMUs have that name.</summary>
    public static readonly Fault AmbiguousQemu = new("AmbiguousQemu", FaultCategory.InvalidArgument,
        "Give the address of the monitor, or the object that Connect-QemuProcess wrote.");

    /// <summary>The migration was still running when the time to wait was up.</summary>
    public static readonly Fault StillMigrating = new("StillMigrating", FaultCategory.OperationTimeout,
        "It continues. Wait longer, or stop it with Stop-VMLiveMigration.");

    /// <summary>The migration was started without post-copy.</summary>
    public static readonly Fault PostCopyNotPrepared = new("PostCopyNotPrepared", FaultCategory.InvalidOperation,
        "Stop it with Stop-VMLiveMigration and start it again with -PostCopy, or wait for it.");

    /// <summary>The definition for the destination is neither XML nor a file.</summary>
    public static readonly Fault DefinitionNotReadable = new("DefinitionNotReadable", FaultCategory.InvalidArgument,
        "Give the path of a file with the definition, or the XML itself: virsh dumpxml --migratable, changed.");

    /// <summary>The policy does not exist.</summary>
    public static readonly Fault PolicyNotFound = new("PolicyNotFound", FaultCategory.ObjectNotFound,
        "Specify the name of a built-in policy, or the path of a YAML or nova.conf file; see about_LiveMigration_Policies.");

    /// <summary>The plan does not exist, or cannot be read.</summary>
    public static readonly Fault PlanNotReadable = new("PlanNotReadable", FaultCategory.ObjectNotFound,
        "Specify a file that New-EvacuationPlan -OutFile wrote, and check its permissions.");

    /// <summary>Writing the plan would replace a file.</summary>
    public static readonly Fault PlanExists = new("PlanExists", FaultCategory.ResourceExists,
        "Give another path, or replace the file with -Force.");

    /// <summary>The plan cannot be written.</summary>
    public static readonly Fault PlanNotWritable = new("PlanNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder exists and that you may write to it and to the file.");

    /// <summary>The fleet description does not exist, or cannot be read.</summary>
    public static readonly Fault FleetNotReadable = new("FleetNotReadable", FaultCategory.ObjectNotFound,
        "Specify the path of a YAML file; Get-Help New-EvacuationPlan -Parameter Fleet describes its content.");

    /// <summary>The readiness policy does not exist.</summary>
    public static readonly Fault ReadinessPolicyNotFound = new("ReadinessPolicyNotFound", FaultCategory.ObjectNotFound,
        "Specify the path of a YAML file; Get-Help Test-MigrationReadiness -Parameter Policy describes its content.");

    /// <summary>No check has this id or name.</summary>
    public static readonly Fault CheckNotFound = new("CheckNotFound", FaultCategory.ObjectNotFound,
        "Give an id or a name: press Tab after -Check, or look at (Test-MigrationReadiness ...).Findings.");

    /// <summary>Writing the report would overwrite a file.</summary>
    public static readonly Fault ReportExists = new("ReportExists", FaultCategory.ResourceExists,
        "Specify another path, or omit -NoClobber.");

    /// <summary>The objects cannot be exported to the same report.</summary>
    public static readonly Fault ReportMixed = new("ReportMixed", FaultCategory.InvalidArgument,
        "Export readiness reports to one file, forecasts to another, and plans (New-EvacuationPlan) and evacuations (Get-HostEvacuation) to a third.");

    /// <summary>The report cannot be written.</summary>
    public static readonly Fault ReportNotWritable = new("ReportNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder exists and is writable.");

    /// <summary>The file for events cannot be written.</summary>
    public static readonly Fault EventLogNotWritable = new("EventLogNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder exists and that you may write to it and to the file.");

    /// <summary>Writing metrics would replace a file that Export-MigrationMetric has not made.</summary>
    public static readonly Fault MetricFileExists = new("MetricFileExists", FaultCategory.ResourceExists,
        "Specify another path, or replace the file with -Force.");

    /// <summary>The file for metrics cannot be written.</summary>
    public static readonly Fault MetricFileNotWritable = new("MetricFileNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder exists and that you may create files in it.");

    /// <summary>A policy's file cannot be read.</summary>
    public static readonly Fault PolicyNotReadable = new("PolicyNotReadable", FaultCategory.PermissionDenied,
        "Check the file's permissions.");

    /// <summary>A defect in this module.</summary>
    public static readonly Fault Unexpected = new("UnexpectedError", FaultCategory.InvalidResult,
        "Please report it with the output of Get-Error.");
}
