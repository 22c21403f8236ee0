using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← how long it may stand still at the end of a migration, now or when it comes.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationDowntime", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationDowntime))]
public sealed class SetMigrationDowntimeCommand : DomainCmdlet
{
    /// <summary>The limit, 1 ms to 2000 s.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Downtime")]
    [DurationTransformation]
    public Duration MaxDowntime { get; set; }

    /// <summary>Write what holds now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        var what = $"the migration downtime of '{domain}' on {domain.HostName} to {MaxDowntime}";
        if (!await output.ShouldProcessAsync($"Set {what}.", $"Set {what}?"))
            return;
        if (MigrationRuns.Of(domain) is { } run)
            await run.BegunAsync(cancellationToken);
        await domain.SetMigrationDowntimeAsync(MaxDowntime, cancellationToken);
        if (PassThru)
            await output.WriteObjectAsync(await domain.GetMigrationDowntimeAsync(cancellationToken));
    }
}
