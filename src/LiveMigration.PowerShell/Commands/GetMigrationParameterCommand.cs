using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → the migration parameters of its QEMU.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationParameter")]
[OutputType(typeof(MigrationParameter))]
public sealed class GetMigrationParameterCommand : MigrationSettingCmdlet
{
    /// <summary>Which parameters, by QEMU's names; all by default.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string[] Parameter { get; set; } = [];

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        TellOfTaint(domain, output);
        var matches = Matcher(Parameter);
        foreach (var parameter in await domain.GetMigrationParametersAsync(cancellationToken))
        {
            if (matches(parameter.Parameter))
                await output.WriteObjectAsync(parameter);
        }
    }
}
