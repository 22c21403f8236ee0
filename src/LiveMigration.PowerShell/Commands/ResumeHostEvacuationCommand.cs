using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Resumes an evacuation that was stopped, or whose process has ended.</summary>
[Cmdlet(VerbsLifecycle.Resume, "HostEvacuation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Resume-HostEvacuation.md")]
[OutputType(typeof(EvacuatedDomain), typeof(HostEvacuation), typeof(Job))]
public sealed class ResumeHostEvacuationCommand : EvacuationCmdlet
{
    /// <summary>The file that each event is appended to, as a line of JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EventLog { get; set; }

    /// <summary>What is done with each event, in the pipeline of this command.</summary>
    [Parameter]
    public ScriptBlock? OnEvent { get; set; }

    /// <summary>Run in the background, as a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private protected override TimeSpan StopPatience => EvacuationWatch.StopPatience;

    private protected override bool IsMeant(HostEvacuation evacuation) => evacuation.State is EvacuationState.Interrupted or EvacuationState.Stopped;

    private protected override async Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
        var what = $"Resume the evacuation {evacuation}";
        if (!await output.ShouldProcessAsync($"{what}.", $"{what}?"))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        var run = UserState.Evacuations.Resume(evacuation.Id, await EvacuationHosts.ConnectAsync(evacuation.Id, output, cancellationToken));
        await new EvacuationWatch(output).GoAsync(run, MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken);
    }
}
