using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet for an evacuation that was begun: by its id, or the latest one that it makes sense for.</summary>
public abstract class EvacuationCmdlet : HostCmdlet
{
    /// <summary>Which evacuation.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EvacuationCompleter))]
    public string? Id { get; set; }

    /// <summary>Which one is meant when none is named.</summary>
    private protected abstract bool IsMeant(HostEvacuation evacuation);

    private protected abstract Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var evacuation = Id is not null ? HostEvacuations.Get(Id)
            : HostEvacuations.Ids.Reverse().Select(HostEvacuations.Get).FirstOrDefault(IsMeant)
            ?? throw new LiveMigrationException(Faults.EvacuationNotFound, "No matching evacuation was found.");
        await HandleAsync(evacuation, output, cancellationToken);
        WriteNotices(output);
    }

    /// <summary>Its hosts under the names that it uses; one that cannot be had is a warning.</summary>
    private protected static async Task<IReadOnlyList<LibvirtHost>> HostsAsync(string id, PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = new List<LibvirtHost>();
        var connecting = HostEvacuations.HostsOf(id).Select(host => (host.Key, Task: ConnectAsync(host.Key, host.Value, output, cancellationToken))).ToArray();
        foreach (var (name, task) in connecting)
        {
            try
            {
                hosts.Add(await task);
            }
            catch (LiveMigrationException error)
            {
                output.WriteWarning($"{name} is skipped: {error.Message}");
            }
        }

        return hosts;
    }

    private static async Task<LibvirtHost> ConnectAsync(string name, string uri, PipelineOutput output, CancellationToken cancellationToken)
    {
        var host = HostSessions.Find(name) ?? await HostSessions.GetOrConnectAsync(name, HostUri.Parse(uri), cancellationToken);
        if (host.Name != name)
        {
            output.WriteWarning($"The host {host.Name} is named {name} again: that is its name in the evacuation.");
            host = HostSessions.Rename(host, name);
        }

        await host.PingAsync(cancellationToken);
        return host;
    }
}
