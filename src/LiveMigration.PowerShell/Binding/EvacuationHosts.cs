using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The id of an evacuation → its hosts, connected.</summary>
internal static class EvacuationHosts
{
    /// <summary>Its hosts under the names that it uses; one that is not available is a warning.</summary>
    internal static async Task<IReadOnlyList<LibvirtHost>> ConnectAsync(string id, PipelineOutput output, CancellationToken cancellationToken)
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
