using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Brings the VMs of an evacuation home.</summary>
[Cmdlet(VerbsData.Restore, "VMPlacement", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Restore-VMPlacement.md")]
[OutputType(typeof(EvacuatedDomain), typeof(HostEvacuation), typeof(Job))]
public sealed class RestoreVMPlacementCommand : EvacuationCmdlet
{
    /// <summary>The bandwidth of each host's link that all migrations may use together; as in the evacuation by default.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth? Bandwidth { get; set; }

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

    /// <summary>The latest one that emptied hosts; moving VMs back is an evacuation of its own.</summary>
    private protected override bool IsMeant(HostEvacuation evacuation) => IsEvacuation(evacuation);

    /// <summary>A run that balanced, packed or spread VMs emptied no host that could be filled again: it is undone by its id.</summary>
    internal static bool IsEvacuation(HostEvacuation evacuation) => evacuation is { IsReturn: false, Moved: > 0, Plan.Goal: EvacuationGoal.Evacuate };

    private protected override async Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
        var hosts = await EvacuationHosts.ConnectAsync(evacuation.Id, output, cancellationToken);
        var (plan, changes) = await UserState.Evacuations.PlanReturnAsync(evacuation.Id, hosts, cancellationToken);
        foreach (var change in changes)
            output.WriteWarning(change);
        if (plan.Moves.Count == 0 && plan.Unmovable.Count == 0)
        {
            output.WriteWarning($"There is nothing to move back: no VM that the evacuation {evacuation.Id} moved is away from its host.");
            return;
        }

        if (Bandwidth is { } bandwidth)
            plan = plan with { Options = plan.Options with { Bandwidth = bandwidth } };
        var watch = new EvacuationWatch(output);
        if (!await watch.WantsAsync(plan))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        await watch.GoAsync(await UserState.Evacuations.StartAsync(plan, hosts, cancellationToken), MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken);
    }
}
