using System.Collections.Concurrent;
using LiveMigration.Hosts;

namespace LiveMigration.Domains;

/// <summary>
/// The definitions of all domains of hosts. libvirt gives them one by one: so each host is asked for them once per run, whatever number of disks, files and
/// VMs is asked about, and not at all where nothing needs them.
/// </summary>
internal sealed class DefinitionLooks
{
    private readonly ConcurrentDictionary<LibvirtHost, Lazy<Task<IReadOnlyList<DefinedDomain>>>> _seen = new();

    /// <summary>Those of a host. Who gives up waits no longer, but spoils the answer for nobody else; a host that failed is asked again.</summary>
    internal async Task<IReadOnlyList<DefinedDomain>> OfAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        var look = _seen.GetOrAdd(host, key => new(() => DefinedDomain.ReadAsync(key)));
        try
        {
            return await look.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (look.Value.IsFaulted)
        {
            _seen.TryRemove(new(host, look));
            throw;
        }
    }
}
