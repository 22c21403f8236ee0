using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Domains;

/// <summary>domain → QEMU's own monitor.</summary>
public static class LibvirtDomainMonitor
{
    /// <summary>
    /// Opens the QMP monitor of a running domain's QEMU, through libvirt and over a connection of its own. The first command
    /// taints the domain until it is restarted (<c>custom-monitor</c>; <c>virsh dominfo</c> shows it, and libvirt's log): what is
    /// changed behind libvirt's back, libvirt does not know. Listening to events does not taint. Commands out of band are not to be
    /// had this way.
    /// </summary>
    /// <param name="domain">The domain; it must run.</param>
    /// <param name="options">What it may send; the connection is made as the host's others are.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The domain is not there or does not run, or its hypervisor is not QEMU.</exception>
    public static async Task<QmpClient> OpenMonitorAsync(
        this LibvirtDomain domain, QmpOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var connection = await domain.Host.OpenAsync(new DomainEvents(), cancellationToken).ConfigureAwait(false);
        var transport = await domain.Host.BoundedAsync(
            () => PassThroughTransport.Open(connection, domain.Uuid, $"{domain.HostName}: {domain.Name}"),
            domain.Host.Options.CallTimeout,
            cancellationToken).ConfigureAwait(false);
        return await QmpClient.StartAsync(transport, options ?? QmpOptions.Default, cancellationToken).ConfigureAwait(false);
    }
}
