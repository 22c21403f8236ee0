using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← its maximum downtime at the end of a migration, now or when it comes.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationDowntime", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "Set-MigrationDowntime.md")]
[OutputType(typeof(MigrationDowntime))]
public sealed class SetMigrationDowntimeCommand : SetMigrationCmdlet
{
    /// <summary>The limit, 1 ms to 2000 s.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Name")]
    [Parameter(Position = 1, ParameterSetName = "Pipeline")]
    [Alias("Downtime")]
    [DurationTransformation]
    public Duration MaxDowntime { get; set; }

    private protected override string What => "migration downtime";

    private protected override string To => MaxDowntime.ToString();

    private protected override bool TakesQemu => true;

    private protected override async Task<object?> SetAsync(MigrationRun run, CancellationToken cancellationToken)
    {
        await run.BegunAsync(cancellationToken);
        await run.SetDowntimeAsync(MaxDowntime);
        return PassThru ? await run.SourceProcess!.GetMigrationDowntimeAsync(cancellationToken) : null;
    }

    private protected override async Task<object?> SetAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        if (MigrationRuns.Of(domain) is { } run)
            await run.BegunAsync(cancellationToken);
        await domain.SetMigrationDowntimeAsync(MaxDowntime, cancellationToken);
        return PassThru ? await domain.GetMigrationDowntimeAsync(cancellationToken) : null;
    }
}
