using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts in maintenance → hosts that take VMs again, with those that left them.</summary>
[Cmdlet(VerbsCommon.Exit, "HostMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Exit-HostMaintenance.md")]
[OutputType(typeof(EvacuatedDomain), typeof(HostEvacuation), typeof(Job))]
public sealed class ExitHostMaintenanceCommand : HostCmdlet
{
    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Leave the VMs where they are.</summary>
    [Parameter]
    public SwitchParameter KeepPlacement { get; set; }

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

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
        foreach (var host in await ResolveAsync(HostName, output, cancellationToken))
        {
            try
            {
                await ExitAsync(host, output, cancellationToken);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(host.Name));
            }
        }

        WriteNotices(output);
    }

    private async Task ExitAsync(LibvirtHost host, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (await host.GetMaintenanceAsync(cancellationToken) is not { } maintenance)
            output.WriteWarning($"{host.Name} is not in maintenance.");
        else if (!KeepPlacement)
            await ReturnAsync(host, maintenance, output, cancellationToken);
        else if (await output.ShouldProcessAsync($"{What(host, maintenance)} All VMs stay where they are.", $"{What(host, maintenance)}?"))
            await host.EndMaintenanceAsync(maintenance, cancellationToken);
    }

    private async Task ReturnAsync(LibvirtHost host, HostMaintenance maintenance, PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = await HostsAsync(host, maintenance, output, cancellationToken);
        var way = await new MaintenanceReturnPlanner(UserState.Evacuations).PlanAsync(host, maintenance, hosts, cancellationToken);
        foreach (var change in way.Changes)
            output.WriteWarning(change);
        var plan = Bandwidth is { } bandwidth ? way.Plan with { Options = way.Plan.Options with { Bandwidth = bandwidth } } : way.Plan;
        var drawn = $"{What(host, maintenance)}\n{PlanDrawing.Of(plan)}";
        if (!await output.ShouldProcessAsync(drawn, $"{drawn}\nBegin?"))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        var leaving = await host.LeaveMaintenanceAsync(way.Maintenance, cancellationToken);
        if (plan.Moves.Count + plan.Unmovable.Count == 0)
        {
            foreach (var error in await SettleAsync(host, leaving))
                await output.WriteErrorAsync(error.ToErrorRecord(host.Name));
            return;
        }

        var run = await UserState.Evacuations.StartAsync(plan, hosts, cancellationToken);
        await new EvacuationWatch(output).GoAsync(
            run, MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken, _ => SettleAsync(host, leaving));
    }

    /// <summary>The connected hosts, and those that the evacuations of the host went to, as far as their journals are here.</summary>
    private async Task<IReadOnlyList<LibvirtHost>> HostsAsync(LibvirtHost host, HostMaintenance maintenance, PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = new List<LibvirtHost> { host };
        hosts.AddRange(await Connected.TakeAsync(output.WriteWarning, cancellationToken));
        foreach (var id in maintenance.Evacuations.Where(UserState.Evacuations.Ids.Contains))
        {
            try
            {
                hosts.AddRange(await EvacuationHosts.ConnectAsync(id, output, cancellationToken));
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.HostNotTheSame || error.Fault == Faults.JournalDamaged)
            {
                // A host whose mainboard was replaced is another one to the journal, and the same to its users.
                output.WriteWarning($"The hosts of the evacuation {id} are not connected for this, because {error.Message}");
            }
        }

        return [.. hosts.Distinct()];
    }

    /// <summary>Ends the maintenance with the last VM that is back.</summary>
    private static async Task<IReadOnlyList<LiveMigrationException>> SettleAsync(LibvirtHost host, HostMaintenance leaving)
    {
        try
        {
            return await host.SettleMaintenanceAsync(leaving) is { Count: > 0 } open
                ? [new LiveMigrationException(Faults.MaintenanceNotEnded, $"{host.Name} takes VMs again, but these of its VMs are not back: {string.Join(", ", open)}.", host.Name)]
                : [];
        }
        catch (LiveMigrationException error)
        {
            return [error];
        }
    }

    private static string What(LibvirtHost host, HostMaintenance maintenance) => $"End the maintenance of {host.Name} ({maintenance}).";
}
