using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts to empty, or a plan → a result for each VM, and one for all.</summary>
[Cmdlet(VerbsLifecycle.Start, "HostEvacuation", DefaultParameterSetName = "Host", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Start-HostEvacuation.md")]
[OutputType(typeof(EvacuatedDomain), typeof(HostEvacuation), typeof(Job))]
public sealed class StartHostEvacuationCommand : HostsToEmptyCmdlet
{
    private int _plans;

    /// <summary>The hosts to evacuate.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Host")]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The destination hosts; all other connected hosts by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Host")]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>The plan, or its file.</summary>
    // By property name, too: PowerShell prefers the one set that binds so, and would not try a piped plan as a plan.
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Plan")]
    [Alias("PSPath")]
    [SupportsWildcards]
    public EvacuationPlanReference? Plan { get; set; }

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

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Plan is not null && _plans++ > 0)
            throw new LiveMigrationException(Faults.ContradictingOptions, "One plan is carried out at a time, and several were piped in.");
        Take(HostName, Destination);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
        var plan = Plan is null ? await NewPlanAsync(output, cancellationToken) : Amend(Plan.Resolve(this.ToFile));
        if (plan is null || IsNothing(plan, output))
            return;
        var hosts = await ResolveAsync([.. plan.Hosts.Select(host => new HostReference(host))], output, cancellationToken);
        if (Plan is not null)
        {
            (plan, var changes) = await plan.CompareAsync(hosts, cancellationToken);
            foreach (var change in changes)
                output.WriteWarning($"Changed since the plan was made: {change}");
            if (IsNothing(plan, output))
                return;
        }

        var watch = new EvacuationWatch(output);
        if (await watch.WantsAsync(plan))
        {
            await (output.Events?.OpenAsync() ?? Task.CompletedTask);
            await watch.GoAsync(await UserState.Evacuations.StartAsync(plan, hosts, cancellationToken), MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken);
        }

        WriteNotices(output);
    }

    /// <summary>Hosts that are balanced already are no work, and need no journal.</summary>
    private static bool IsNothing(EvacuationPlan plan, PipelineOutput output)
    {
        if (plan is { Goal: EvacuationGoal.Evacuate } or { Moves.Count: > 0 })
            return false;
        output.WriteVerbose("Nothing to move.");
        return true;
    }

    private async Task<EvacuationPlan?> NewPlanAsync(PipelineOutput output, CancellationToken cancellationToken) =>
        await ResolveRowsAsync(output, cancellationToken) is var (sources, named) ? await PlanAsync(sources, named, output, cancellationToken) : null;
}
