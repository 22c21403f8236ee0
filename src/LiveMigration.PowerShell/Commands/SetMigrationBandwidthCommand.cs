using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← what its migration may use of the network, now or when it comes.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationBandwidth", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "Set-MigrationBandwidth.md")]
[OutputType(typeof(MigrationBandwidth))]
public sealed class SetMigrationBandwidthCommand : SetMigrationCmdlet
{
    /// <summary>The limit for each VM, of memory and disks together.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Name")]
    [Parameter(Position = 1, ParameterSetName = "Pipeline")]
    [BandwidthTransformation]
    public Bandwidth Bandwidth { get; set; }

    /// <summary>Set the limit that holds after a switch to post-copy.</summary>
    [Parameter]
    public SwitchParameter PostCopy { get; set; }

    private protected override string What => $"{(PostCopy ? "post-copy " : "")}migration bandwidth";

    private protected override string To => Bandwidth.ToString();

    private protected override bool TakesQemu => true;

    private protected override async Task<object?> SetAsync(MigrationRun run, CancellationToken cancellationToken)
    {
        await run.BegunAsync(cancellationToken);
        if (PostCopy)
            await run.SourceProcess!.SetPostCopyBandwidthAsync(Bandwidth, cancellationToken);
        else
            await run.SetBandwidthAsync(Bandwidth);
        return PassThru ? await run.SourceProcess!.GetMigrationBandwidthAsync(cancellationToken) : null;
    }

    private protected override async Task<object?> SetAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        if (MigrationRuns.Of(domain) is { } run)
            await run.BegunAsync(cancellationToken);
        await domain.SetMigrationBandwidthAsync(Bandwidth, PostCopy, cancellationToken);
        return PassThru ? await domain.GetMigrationBandwidthAsync(cancellationToken) : null;
    }
}
