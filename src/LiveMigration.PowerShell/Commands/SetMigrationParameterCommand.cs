using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← a migration parameter of its QEMU.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationParameter", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Set-MigrationParameter.md")]
[OutputType(typeof(MigrationParameter))]
public sealed class SetMigrationParameterCommand : SetMigrationCmdlet
{
    /// <summary>Which parameter, by QEMU's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Name")]
    [Parameter(Position = 1, ParameterSetName = "Pipeline")]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string Parameter { get; set; } = "";

    /// <summary>Its value: a number in its unit, a truth, or a text, in which a unit may be written.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = "Name")]
    [Parameter(Position = 2, ParameterSetName = "Pipeline")]
    public PSObject Value { get; set; } = null!;

    /// <summary>Only <c>1s</c> makes a 16-bit number of what is typed: a second that would be sent as a millisecond.</summary>
    protected override void BeginProcessing()
    {
        if (Value?.BaseObject is short number)
        {
            var error = new LiveMigrationException(
                CmdletFaults.InvalidArgument,
                $"PowerShell parsed the value (perhaps {number}s) as the number {number}. Put it in quotes: '{number}s'.");
            ThrowTerminatingError(error.ToErrorRecord(number));
        }

        base.BeginProcessing();
    }

    private protected override string What => $"migration parameter {Parameter}";

    private protected override string To => Value.ToString();

    private protected override bool Taints => true;

    private protected override async Task<object?> SetAsync(LibvirtDomain domain, CancellationToken cancellationToken) =>
        await domain.SetMigrationParameterAsync(Parameter, Value.BaseObject, cancellationToken);
}
