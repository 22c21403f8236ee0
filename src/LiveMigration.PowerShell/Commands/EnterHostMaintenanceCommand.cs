using System.Management.Automation;
using LiveMigration.Domains;
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
public sealed class EnterHostMaintenanceCommand : HostsToEmptyCmdlet
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

    /// <summary>The file that each event is appended to, as a line of JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EventLog { get; set; }

    /// <summary>What is done with each event, in the pipeline of this command.</summary>
    [Parameter]
    public ScriptBlock? OnEvent { get; set; }

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
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
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
                await output.WriteObjectAsync((await EnterAsync(host, output, cancellationToken)).Maintenance);
        }
    }

    private async Task EvacuateAsync(IReadOnlyList<LibvirtHost> sources, IReadOnlyList<LibvirtHost> named, PipelineOutput output, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(sources, named, output, cancellationToken);
        var drawn = $"Put {string.Join(", ", sources)} into maintenance.\n{PlanDrawing.Of(plan)}";
        if (!await output.ShouldProcessAsync(drawn, $"{drawn}\nBegin?"))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        var entered = new List<EnteredHost>();
        EvacuationRun? run = null;
        try
        {
            // Before the first VM leaves: what runs beside this must not bring others.
            foreach (var host in sources)
                entered.Add(await EnterAsync(host, output, cancellationToken));
            LibvirtHost[] hosts = [.. sources.Concat(named).Distinct()];
            (plan, var changes) = await plan.CompareAsync(hosts, cancellationToken);
            foreach (var change in changes)
                output.WriteWarning($"Changed since the plan was made: {change}");
            if (plan.Moves.Count + plan.Unmovable.Count > 0)
                run = await UserState.Evacuations.StartAsync(plan, hosts, cancellationToken);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException)
        {
            await UndoAsync(entered, output);
            throw;
        }

        if (run is null)
        {
            foreach (var error in await LeftAsync(sources, []))
                await output.WriteErrorAsync(error.ToErrorRecord(error.Host!));
        }
        else
        {
            var remembering = RememberAsync(entered, run.Id);
            await new EvacuationWatch(output).GoAsync(
                run, MyInvocation.MyCommand.Name, AsJob ? MyInvocation.Line.Trim() : null, JobRepository, cancellationToken, evacuation => LeftAsync(sources, evacuation.Domains));
            entered = await remembering;
            foreach (var host in entered.Where(one => !one.Maintenance.Evacuations.Contains(run.Id)))
                output.WriteWarning($"{host.Host.Name} does not know the evacuation {run.Id}: somebody else has changed its maintenance. Restore-VMPlacement {run.Id} brings its VMs back.");
            if (AsJob)
                return;
        }

        foreach (var one in entered)
            await output.WriteObjectAsync(one.Maintenance);
    }

    private async Task<EnteredHost> EnterAsync(LibvirtHost host, PipelineOutput output, CancellationToken cancellationToken)
    {
        var before = await host.GetMaintenanceAsync(cancellationToken);
        if (before is not null)
            output.WriteWarning($"{host.Name} is already in maintenance: {before}.");
        var now = await host.EnterMaintenanceAsync(Reason, Until is { } until ? new DateTimeOffset(until) : null, cancellationToken);
        return new(host, now, IsNew: before is null);
    }

    /// <summary>Takes back what was marked for an evacuation that did not begin.</summary>
    private static async Task UndoAsync(IEnumerable<EnteredHost> entered, PipelineOutput output)
    {
        foreach (var (host, maintenance, _) in entered.Where(one => one.IsNew))
        {
            try
            {
                await host.EndMaintenanceAsync(maintenance);
            }
            catch (LiveMigrationException error)
            {
                output.WriteWarning($"{host.Name} stays in maintenance, although it is not evacuated: {error.Message} Exit-HostMaintenance {host.Name} ends it.");
            }
        }
    }

    /// <summary>Notes on the hosts which evacuation empties them. One that cannot be told is evacuated all the same, and is as it was.</summary>
    private static async Task<List<EnteredHost>> RememberAsync(IEnumerable<EnteredHost> entered, string evacuation)
    {
        var noted = new List<EnteredHost>();
        foreach (var one in entered)
        {
            try
            {
                noted.Add(one with { Maintenance = await one.Host.RememberEvacuationAsync(one.Maintenance, evacuation) });
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                noted.Add(one);
            }
        }

        return noted;
    }

    /// <summary>The VMs that are still on the hosts, without those whose failed migration was an error already.</summary>
    private static async Task<IReadOnlyList<LiveMigrationException>> LeftAsync(IReadOnlyList<LibvirtHost> sources, IReadOnlyList<EvacuatedDomain> evacuated)
    {
        var known = evacuated.ToDictionary(domain => domain.Uuid);
        var left = new List<LiveMigrationException>();
        foreach (var host in sources)
        {
            foreach (var domain in (await host.GetDomainsAsync(DomainQuery.All)).Where(domain => domain.Status.IsActive))
            {
                var evacuation = known.GetValueOrDefault(domain.Uuid);
                if (evacuation is null or { State: EvacuatedState.Unmovable })
                    left.Add(new LiveMigrationException(Faults.HostNotEmpty, $"'{domain.Name}' still runs on {host.Name}: {evacuation?.Error ?? "it came there after the plan was made"}.".Replace("..", ".", StringComparison.Ordinal), host.Name));
            }
        }

        return left;
    }

    private sealed record EnteredHost(LibvirtHost Host, HostMaintenance Maintenance, bool IsNew);
}
