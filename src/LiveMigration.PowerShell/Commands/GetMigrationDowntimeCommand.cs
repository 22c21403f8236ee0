using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → its maximum downtime at the end of a migration.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationDowntime", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-MigrationDowntime.md")]
[OutputType(typeof(MigrationDowntime))]
public sealed class GetMigrationDowntimeCommand : DomainCmdlet
{
    private protected override bool TakesQemu => true;

    private protected override async Task HandleAsync(MigrationRun run, PipelineOutput output, CancellationToken cancellationToken) =>
        await output.WriteObjectAsync(await run.SourceProcess!.GetMigrationDowntimeAsync(cancellationToken));

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken) =>
        await output.WriteObjectAsync(await domain.GetMigrationDowntimeAsync(cancellationToken));
}
