using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← what its migration may use of the network, now or when it comes.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationBandwidth", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationBandwidth))]
public sealed class SetMigrationBandwidthCommand : DomainCmdlet
{
    /// <summary>The limit for each VM, of memory and disks together.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [BandwidthTransformation]
    public Bandwidth Bandwidth { get; set; }

    /// <summary>Set the limit that holds after a switch to post-copy.</summary>
    [Parameter]
    public SwitchParameter PostCopy { get; set; }

    /// <summary>Write what holds now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        var what = $"the {(PostCopy ? "post-copy " : "")}migration bandwidth of '{domain}' on {domain.HostName} to {Bandwidth}";
        if (!await output.ShouldProcessAsync($"Set {what}.", $"Set {what}?"))
            return;
        if (MigrationRuns.Of(domain) is { } run)
            await run.BegunAsync(cancellationToken);
        await domain.SetMigrationBandwidthAsync(Bandwidth, PostCopy, cancellationToken);
        if (PassThru)
            await output.WriteObjectAsync(await domain.GetMigrationBandwidthAsync(cancellationToken));
    }
}
