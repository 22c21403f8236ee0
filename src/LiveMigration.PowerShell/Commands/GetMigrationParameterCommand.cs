using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → the migration parameters of its QEMU.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationParameter", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-MigrationParameter.md")]
[OutputType(typeof(MigrationParameter))]
public sealed class GetMigrationParameterCommand : MigrationSettingCmdlet<MigrationParameter>
{
    /// <summary>Which parameters, by QEMU's names; all by default.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string[] Parameter { get; set; } = [];

    private protected override string[] Patterns => Parameter;

    private protected override Task<IReadOnlyList<MigrationParameter>> ReadAsync(LibvirtDomain domain, CancellationToken cancellationToken) =>
        domain.GetMigrationParametersAsync(cancellationToken);

    private protected override string NameOf(MigrationParameter setting) => setting.Parameter;
}
