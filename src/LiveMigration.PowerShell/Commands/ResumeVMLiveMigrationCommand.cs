using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Joins the halves of a migration that broke in post-copy.</summary>
[Cmdlet(VerbsLifecycle.Resume, "VMLiveMigration", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Resume-VMLiveMigration.md")]
[OutputType(typeof(MigrationResult))]
public sealed class ResumeVMLiveMigrationCommand : DestinationCmdlet
{
    /// <summary>Who controls the migration.</summary>
    [Parameter]
    public MigrationMode Mode { get; set; }

    /// <summary>The destination's libvirt URI, as the source reaches it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationUri { get; set; }

    /// <summary>As long as a start takes to judge an abort.</summary>
    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(75);

    private protected override async Task HandleAsync(LibvirtDomain domain, LibvirtHost destination, PipelineOutput output, CancellationToken cancellationToken)
    {
        var options = new MigrationOptions { Mode = Mode, DestinationUri = DestinationUri, PostCopy = true };
        var plan = await domain.PlanPostCopyResumeAsync(destination, options, cancellationToken);
        var what = $"the post-copy migration of '{domain}' from {domain.HostName} to {destination}";
        if (await output.ShouldProcessAsync($"Resume {what}.", $"Resume {what}?"))
            await new MigrationBatch(new MigrationIntent(options), throttleLimit: 1, output).RunAsync([new SteeredPlan(plan)], cancellationToken);
    }
}
