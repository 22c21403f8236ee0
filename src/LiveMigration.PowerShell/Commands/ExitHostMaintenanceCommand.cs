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

    /// <summary>Run in the background, as a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private protected override TimeSpan StopPatience => EvacuationWatch.StopPatience;

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
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
        else if (!KeepPlacement && maintenance.Domains.Count > 0)
            await ReturnAsync(host, maintenance, output, cancellationToken);
        else if (await output.ShouldProcessAsync($"End the maintenance of {host.Name}. All VMs stay where they are.", $"End the maintenance of {host.Name}?"))
            await host.EndMaintenanceAsync(cancellationToken);
    }

    private async Task ReturnAsync(LibvirtHost host, HostMaintenance maintenance, PipelineOutput output, CancellationToken cancellationToken)
    {
        var known = maintenance.Evacuation is { } id && UserState.Evacuations.Ids.Contains(id) ? await EvacuationHosts.ConnectAsync(id, output, cancellationToken) : [];
        LibvirtHost[] hosts = [.. (await Connected.TakeAsync(output.WriteWarning, cancellationToken)).Concat(known).Append(host).Distinct()];
        var way = await UserState.Evacuations.PlanReturnAsync(maintenance, hosts, cancellationToken);
        foreach (var change in way.Changes)
            output.WriteWarning(change);
        var plan = Bandwidth is { } bandwidth ? way.Plan with { Options = way.Plan.Options with { Bandwidth = bandwidth } } : way.Plan;
        var drawn = $"End the maintenance of {host.Name}.\n{PlanDrawing.Of(plan)}";
        if (!await output.ShouldProcessAsync(drawn, $"{drawn}\nBegin?"))
            return;
        await host.LeaveMaintenanceAsync(cancellationToken);
        if (plan.Moves.Count + plan.Unmovable.Count > 0)
        {
            var run = await UserState.Evacuations.StartAsync(plan, hosts, cancellationToken);
            var ending = EndAfterAsync(host, run, way.Missing.Count == 0);
            await new EvacuationWatch(output).GoAsync(run, MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken);
            if (AsJob || await ending)
                return;
        }
        else if (way.Missing.Count == 0)
        {
            await host.EndMaintenanceAsync(cancellationToken);
            return;
        }

        output.WriteWarning(
            $"{host.Name} takes VMs again, but not all of its VMs are back. Run Exit-HostMaintenance again to bring the others back, or with -KeepPlacement to leave them where they are.");
    }

    /// <summary>Ends the maintenance with the last VM that is back, also where a job brings it; whether it did.</summary>
    private static async Task<bool> EndAfterAsync(LibvirtHost host, EvacuationRun run, bool isAll)
    {
        try
        {
            return (await run.WaitAsync()).IsComplete && isAll && await host.EndMaintenanceAsync();
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            // How the run ended is told by who follows it.
            return false;
        }
    }
}
