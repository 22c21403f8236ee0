using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet for an evacuation that was begun: by its id, or the latest one that it makes sense for.</summary>
public abstract class EvacuationCmdlet : HostCmdlet
{
    /// <summary>The evacuation.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EvacuationCompleter))]
    public EvacuationReference? Id { get; set; }

    /// <summary>Which one is meant when none is named.</summary>
    private protected abstract bool IsMeant(HostEvacuation evacuation);

    private protected abstract Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Id?.HostName is { } host)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{host}' is a host, not an evacuation. Get-HostEvacuation -HostName {host} lists its evacuations.", host);
        var evacuation = Id is not null ? UserState.Evacuations.Get(Id.Text)
            : UserState.Evacuations.Ids.Reverse().Select(UserState.Evacuations.Get).FirstOrDefault(IsMeant)
            ?? throw new LiveMigrationException(Faults.EvacuationNotFound, "No matching evacuation was found.");
        await HandleAsync(evacuation, output, cancellationToken);
        WriteNotices(output);
    }

    /// <summary>Its hosts under the names that it uses; one that is not available is a warning.</summary>
    private protected static async Task<IReadOnlyList<LibvirtHost>> HostsAsync(string id, PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = new List<LibvirtHost>();
        var connecting = UserState.Evacuations.HostsOf(id).Select(host => (host.Name, Task: ConnectAsync(host, output, cancellationToken))).ToArray();
        foreach (var (name, task) in connecting)
        {
            try
            {
                hosts.Add(await task);
            }
            // One that cannot be reached is lost; one that is another machine would be acted on.
            catch (LiveMigrationException error) when (error.Fault != Faults.HostNotTheSame)
            {
                output.WriteWarning($"{name} is skipped: {error.Message}");
            }
        }

        return hosts;
    }

    private static async Task<LibvirtHost> ConnectAsync(RecordedHost recorded, PipelineOutput output, CancellationToken cancellationToken)
    {
        var known = HostSessions.Find(recorded.Name);
        var host = known ?? await HostSessions.GetOrConnectAsync(recorded.Name, HostUri.Parse(recorded.Uri), cancellationToken);
        try
        {
            await recorded.CheckAsync(host, cancellationToken);
        }
        catch (LiveMigrationException) when (known is null)
        {
            // Nobody asked for a connection to another machine.
            HostSessions.Disconnect(host);
            throw;
        }

        if (host.Name == recorded.Name)
            return host;
        output.WriteWarning($"The host {host.Name} was renamed back to {recorded.Name}, its name in the evacuation.");
        return HostSessions.Rename(host, recorded.Name);
    }
}
