using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet for VMs that are named or piped in; where they are piped in, what is typed first is what comes after the VM.</summary>
public abstract class DomainInputCmdlet : HostCmdlet
{
    /// <summary>The VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 0, ParameterSetName = "Pipeline")]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [TypedTextTransformation]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>VMs from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Pipeline")]
    public DomainReference[] InputObject { get; set; } = [];

    /// <summary>The hosts of the VMs; by default they are searched on all connected hosts.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Source")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>What the command line and a record of the pipeline say together.</summary>
    /// <exception cref="LiveMigrationException">They say too little, or too much.</exception>
    private protected IReadOnlyList<DomainReference> TakeDomains()
    {
        var typed = Named(Name, InputObject);
        if (typed.Length == 0 && InputObject.Length == 0)
            throw new LiveMigrationException(CmdletFaults.NoDomain, "No VM was specified.");
        var moved = typed.Length > 0 && InputObject.Length > 0 ? TypedArguments.MoveOn(this, IsTyped) : null;
        if (TypedArguments.Missing(this, moved).FirstOrDefault() is { } missing)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"{MyInvocation.MyCommand.Name} needs -{missing}, and it was not specified.");
        return On(InputObject.Length > 0 ? InputObject : typed, HostName);
    }
}
