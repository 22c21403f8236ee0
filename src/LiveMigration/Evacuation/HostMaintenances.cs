using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Tracing;

namespace LiveMigration.Evacuation;

/// <summary>Hosts in maintenance: what begins it, what remembers how they were emptied, and what ends it.</summary>
public static class HostMaintenances
{
    /// <summary>Asks a host for its maintenance.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The maintenance; null where there is none.</returns>
    /// <exception cref="LiveMigrationException">The host does not answer.</exception>
    public static async Task<HostMaintenance?> GetMaintenanceAsync(this LibvirtHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        var start = Tracer.Now;
        var maintenance = await host.CallAsync(MaintenanceMark.Read, cancellationToken).ConfigureAwait(false);
        Tracer.Say($"{host.Name}: {maintenance?.ToString() ?? "not in maintenance"} ({Tracer.Since(start)}).");
        return maintenance;
    }

    /// <summary>
    /// Puts a host into maintenance: from now on it takes no VMs. Its VMs stay where they are until they are evacuated. Where it is in maintenance already,
    /// what is said now counts, and what is not said stays.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="reason">What it is for.</param>
    /// <param name="until">When it should be over.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The host does not answer, does not permit it, or keeps no secrets, in which the maintenance is written down.</exception>
    public static async Task<HostMaintenance> EnterMaintenanceAsync(
        this LibvirtHost host, string? reason = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default)
    {
        var before = await host.GetMaintenanceAsync(cancellationToken).ConfigureAwait(false);
        var now = await host.GetDomainsAsync(DomainQuery.All, cancellationToken).ConfigureAwait(false);
        var entered = before?.State is HostMaintenanceState.InMaintenance;
        HostedDomain[] running = [.. now.Where(domain => domain.Status.IsActive).Select(domain => new HostedDomain(domain.Uuid, domain.Name))];
        return await host.WriteAsync(
            new HostMaintenance
            {
                HostName = host.Name,
                Since = entered && before!.Since != default ? before.Since : host.State.Now,
                Until = until ?? (entered ? before!.Until : null),
                Reason = reason ?? (entered ? before!.Reason : null),
                By = $"{Environment.UserName}@{Environment.MachineName}",
                Evacuation = before?.Evacuation,
                // Those of a maintenance that was not ended are not at home yet.
                Domains = [.. (before?.Domains ?? []).Concat(running).DistinctBy(domain => domain.Uuid)],
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers which evacuation empties a host in maintenance.</summary>
    /// <param name="host">The host.</param>
    /// <param name="evacuation">The id of the evacuation.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<HostMaintenance?> RememberEvacuationAsync(this LibvirtHost host, string evacuation, CancellationToken cancellationToken = default) =>
        host.ChangeAsync(maintenance => maintenance with { Evacuation = evacuation }, cancellationToken);

    /// <summary>Lets a host in maintenance take VMs again; it remembers those that are to be brought back.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The maintenance; null where there is none.</returns>
    public static Task<HostMaintenance?> LeaveMaintenanceAsync(this LibvirtHost host, CancellationToken cancellationToken = default) =>
        host.ChangeAsync(maintenance => maintenance with { State = HostMaintenanceState.Leaving }, cancellationToken);

    /// <summary>Ends the maintenance of a host; which VMs it had is forgotten.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there was one.</returns>
    public static Task<bool> EndMaintenanceAsync(this LibvirtHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        Tracer.Say($"Ending the maintenance of {host.Name}.");
        return host.CallAsync(MaintenanceMark.Remove, cancellationToken);
    }

    private static async Task<HostMaintenance?> ChangeAsync(this LibvirtHost host, Func<HostMaintenance, HostMaintenance> change, CancellationToken cancellationToken) =>
        await host.GetMaintenanceAsync(cancellationToken).ConfigureAwait(false) is { } before
            ? await host.WriteAsync(change(before), cancellationToken).ConfigureAwait(false)
            : null;

    private static async Task<HostMaintenance> WriteAsync(this LibvirtHost host, HostMaintenance maintenance, CancellationToken cancellationToken)
    {
        Tracer.Say($"Marking {host.Name}: {maintenance}.");
        try
        {
            return await host.CallAsync(connection => MaintenanceMark.Write(connection, host.State, maintenance), cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException error) when (MissingDriver.Is(error))
        {
            throw new LiveMigrationException(
                Faults.NotSupported, $"{host.Name} cannot be put into maintenance, because its libvirt has no driver for secrets: the mark is one. Nothing was changed. ({error.LibvirtMessage})", host.Name, error);
        }
    }
}
