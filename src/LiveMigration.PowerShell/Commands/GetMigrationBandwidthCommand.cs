using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → what its migration may use of the network, and uses now.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationBandwidth", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-MigrationBandwidth.md")]
[OutputType(typeof(MigrationBandwidth))]
public sealed class GetMigrationBandwidthCommand : DomainCmdlet
{
    private protected override bool TakesQemu => true;

    private protected override async Task HandleAsync(MigrationRun run, PipelineOutput output, CancellationToken cancellationToken) =>
        await output.WriteObjectAsync(await run.SourceProcess!.GetMigrationBandwidthAsync(cancellationToken));

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken) =>
        await output.WriteObjectAsync(await domain.GetMigrationBandwidthAsync(cancellationToken));
}
