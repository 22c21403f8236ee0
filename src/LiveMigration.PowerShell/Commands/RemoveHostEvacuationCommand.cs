using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Removes evacuations that have ended and are not needed any more.</summary>
[Cmdlet(VerbsCommon.Remove, "HostEvacuation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = OnlineHelp.Pages + "Remove-HostEvacuation.md")]
[OutputType(typeof(void))]
public sealed class RemoveHostEvacuationCommand : AsyncCmdlet
{
    /// <summary>The evacuations.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EvacuationCompleter))]
    public EvacuationReference[] Id { get; set; } = [];

    /// <summary>Also remove those that could be resumed, whose VMs are not back, or that cannot be read.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var reference in Id)
        {
            if (reference.HostName is { } host)
                throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{host}' is a host, not an evacuation. Get-HostEvacuation -HostName {host} lists its evacuations.", host);
            var pattern = WildcardPattern.Get(reference.Text, WildcardOptions.IgnoreCase);
            string[] ids = [.. UserState.Evacuations.Ids.Where(id => reference.HasWildcard ? pattern.IsMatch(id) : id == reference.Text)];
            if (ids.Length == 0 && !reference.HasWildcard)
                await output.WriteErrorAsync(new LiveMigrationException(Faults.EvacuationNotFound, $"There is no evacuation '{reference.Text}'.").ToErrorRecord(reference.Text));
            foreach (var id in ids)
            {
                try
                {
                    await RemoveAsync(id, output, cancellationToken);
                }
                catch (LiveMigrationException error)
                {
                    await output.WriteErrorAsync(error.ToErrorRecord(id));
                }
            }
        }
    }

    private async Task RemoveAsync(string id, PipelineOutput output, CancellationToken cancellationToken)
    {
        var (what, need) = await LookAsync(id, cancellationToken);
        if (need is not null && !Force)
            throw new LiveMigrationException(Faults.EvacuationNeeded, $"The evacuation {id} is still needed. {need}");
        var loss = need is null ? "" : $" {need}";
        if (!await output.ShouldProcessAsync($"Remove the evacuation {what}.{loss}", $"Remove the evacuation {what}?{loss}"))
            return;
        // Somebody may have thought about it for a while.
        if ((await LookAsync(id, cancellationToken)).Need is { } now && now != need)
            throw new LiveMigrationException(Faults.EvacuationNeeded, $"The evacuation {id} has changed since it was looked at, and stays. {now}");
        UserState.Evacuations.Remove(id);
    }

    /// <summary>What it is, and what it is needed for.</summary>
    private static async Task<(string What, string? Need)> LookAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var evacuation = UserState.Evacuations.Get(id);
            if (evacuation.State is EvacuationState.Running)
                throw new LiveMigrationException(Faults.EvacuationRuns, $"The evacuation {id} is running: its journal stays.");
            return ($"{evacuation}", UserState.Evacuations.WhyNeeded(id) ?? await MaintenanceAsync(evacuation, cancellationToken));
        }
        catch (LiveMigrationException error) when (error.Fault == Faults.JournalDamaged)
        {
            return (id, error.Message);
        }
    }

    /// <summary>Whether a host that it emptied, and that is connected, is still in maintenance because of it.</summary>
    private static async Task<string?> MaintenanceAsync(HostEvacuation evacuation, CancellationToken cancellationToken)
    {
        foreach (var host in evacuation.Sources.Select(HostSessions.Find).OfType<Hosts.LibvirtHost>())
        {
            try
            {
                if (await host.GetMaintenanceAsync(cancellationToken) is { } maintenance && maintenance.Evacuations.Contains(evacuation.Id))
                    return $"{host.Name} is in maintenance because of it: end that with Exit-HostMaintenance first.";
            }
            catch (LiveMigrationException error)
            {
                return $"It is not known whether {host.Name} is in maintenance because of it: {error.Message}";
            }
        }

        return null;
    }
}
