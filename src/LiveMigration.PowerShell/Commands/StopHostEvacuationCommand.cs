using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Lets no other migration of an evacuation begin, whichever process carries it out, and waits until those under way have ended.</summary>
[Cmdlet(VerbsLifecycle.Stop, "HostEvacuation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Stop-HostEvacuation.md")]
[OutputType(typeof(HostEvacuation))]
public sealed class StopHostEvacuationCommand : EvacuationCmdlet
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Abort the migrations in progress, too.</summary>
    [Parameter]
    public SwitchParameter Abort { get; set; }

    private protected override bool IsMeant(HostEvacuation evacuation) => evacuation.State is EvacuationState.Running;

    private protected override async Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (evacuation.State is not EvacuationState.Running)
        {
            output.WriteWarning($"There is nothing to stop: the evacuation {evacuation.Id} {(evacuation.State is EvacuationState.Interrupted ? "was interrupted, and no process carries it out" : $"has ended ({evacuation.State})")}.");
            await output.WriteObjectAsync(evacuation);
            return;
        }

        var what = $"Stop the evacuation {evacuation.Id} of {string.Join(", ", evacuation.Sources)}{(Abort ? ", and abort its running migrations" : "; its running migrations finish")}";
        if (!await output.ShouldProcessAsync($"{what}.", $"{what}?"))
            return;
        var evacuations = UserState.Evacuations;
        evacuations.RequestStop(evacuation.Id, Abort);
        while ((evacuation = evacuations.Get(evacuation.Id)).State is EvacuationState.Running)
            await Task.Delay(Look, cancellationToken);
        await output.WriteObjectAsync(evacuation);
    }
}
