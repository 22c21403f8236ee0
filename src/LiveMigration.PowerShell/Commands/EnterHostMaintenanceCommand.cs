using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts → hosts that take no VMs, and are evacuated.</summary>
[Cmdlet(VerbsCommon.Enter, "HostMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Enter-HostMaintenance.md")]
[OutputType(typeof(EvacuatedDomain), typeof(HostEvacuation), typeof(HostMaintenance), typeof(Job))]
public sealed class EnterHostMaintenanceCommand : EvacuationOptionsCmdlet
{
    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Where their VMs may go; all other connected hosts by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>What it is for.</summary>
    [Parameter]
    [ValidateLength(1, 500)]
    public string? Reason { get; set; }

    /// <summary>When it should be over.</summary>
    [Parameter]
    public DateTime? Until { get; set; }

    /// <summary>Do not evacuate the hosts.</summary>
    [Parameter]
    public SwitchParameter KeepPlacement { get; set; }

    /// <summary>Evacuate in the background, as a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private protected override TimeSpan StopPatience => EvacuationWatch.StopPatience;

    private protected override Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken) =>
        Until <= DateTime.Now
            ? throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"The time {Until:yyyy-MM-dd HH:mm} of -Until has passed. For a time after midnight, specify the date as well, for example (Get-Date).AddHours(3).")
            : Task.CompletedTask;

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        Take(HostName, Destination);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (await ResolveRowsAsync(output, cancellationToken) is var (sources, named))
        {
            if (KeepPlacement)
                await CordonAsync(sources, output, cancellationToken);
            else
                await EvacuateAsync(sources, named, output, cancellationToken);
        }

        WriteNotices(output);
    }

    private async Task CordonAsync(IReadOnlyList<LibvirtHost> sources, PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var host in sources)
        {
            if (await output.ShouldProcessAsync($"Put {host.Name} into maintenance. Its VMs stay where they are.", $"Put {host.Name} into maintenance?"))
                await output.WriteObjectAsync(await EnterAsync(host, cancellationToken));
        }
    }

    private async Task EvacuateAsync(IReadOnlyList<LibvirtHost> sources, IReadOnlyList<LibvirtHost> named, PipelineOutput output, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(sources, named, output, cancellationToken);
        var drawn = $"Put {string.Join(", ", sources)} into maintenance.\n{PlanDrawing.Of(plan)}";
        if (!await output.ShouldProcessAsync(drawn, $"{drawn}\nBegin?"))
            return;
        // Before the first VM leaves: what runs beside this must not bring others.
        var entered = await Task.WhenAll(sources.Select(host => EnterAsync(host, cancellationToken)));
        if (plan.Moves.Count + plan.Unmovable.Count > 0)
        {
            var run = await UserState.Evacuations.StartAsync(plan, [.. sources.Concat(named).Distinct()], cancellationToken);
            entered = await Task.WhenAll(sources.Zip(entered, async (host, before) => await host.RememberEvacuationAsync(run.Id, cancellationToken) ?? before));
            await new EvacuationWatch(output).GoAsync(run, MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken);
        }

        foreach (var maintenance in entered)
            await output.WriteObjectAsync(maintenance);
    }

    private Task<HostMaintenance> EnterAsync(LibvirtHost host, CancellationToken cancellationToken) =>
        host.EnterMaintenanceAsync(Reason, Until is { } until ? new DateTimeOffset(until) : null, cancellationToken);
}
