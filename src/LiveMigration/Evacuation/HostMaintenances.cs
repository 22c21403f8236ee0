using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;
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
        var maintenance = await host.CallAsync(connection => MaintenanceMark.Read(connection, host.Name), cancellationToken).ConfigureAwait(false);
        Tracer.Say($"{host.Name}: {maintenance?.ToString() ?? "not in maintenance"} ({Tracer.Since(start)}).");
        return maintenance;
    }

    /// <summary>
    /// Puts a host into maintenance: from now on it takes no VMs. Its VMs stay where they are until they are evacuated. Where it is in maintenance already,
    /// what is said now counts, what is not said stays, and it remains that of who began it.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="reason">What it is for.</param>
    /// <param name="until">When it should be over.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">
    /// The host does not answer, does not permit it, keeps no secrets, in which the maintenance is written down, or has a mark that cannot be read.
    /// </exception>
    public static async Task<HostMaintenance> EnterMaintenanceAsync(
        this LibvirtHost host, string? reason = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default)
    {
        var before = Readable(await host.GetMaintenanceAsync(cancellationToken).ConfigureAwait(false));
        var now = await host.GetDomainsAsync(DomainQuery.All, cancellationToken).ConfigureAwait(false);
        var entered = before?.State is HostMaintenanceState.InMaintenance ? before : null;
        // One that is arriving, paused for its migration, was never at home here.
        var running = now.Where(domain => domain.Status is { IsActive: true } and not { State: DomainState.Paused, Reason: "migrating" }).Select(domain => new HostedDomain(domain.Uuid, domain.Name));
        return await host.WriteAsync(
            new HostMaintenance
            {
                HostName = host.Name,
                Token = Guid.NewGuid(),
                Since = entered?.Since ?? host.State.Now,
                Until = until ?? entered?.Until,
                Reason = reason ?? entered?.Reason,
                By = entered?.By ?? $"{Environment.UserName}@{Environment.MachineName}",
                Evacuations = before?.Evacuations ?? [],
                // Those of a maintenance that was not ended are not at home yet.
                Domains = [.. (before?.Domains ?? []).Concat(running).DistinctBy(domain => domain.Uuid)],
            },
            replaced: before,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers that an evacuation empties a host in maintenance.</summary>
    /// <param name="host">The host.</param>
    /// <param name="maintenance">Its maintenance.</param>
    /// <param name="evacuation">The id of the evacuation.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The maintenance was ended meanwhile, or begun by somebody else.</exception>
    public static Task<HostMaintenance> RememberEvacuationAsync(this LibvirtHost host, HostMaintenance maintenance, string evacuation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maintenance);
        return host.WriteAsync(maintenance with { Evacuations = [.. maintenance.Evacuations, evacuation] }, replaced: maintenance, cancellationToken);
    }

    /// <summary>Lets a host in maintenance take VMs again; it remembers those that are to be brought back.</summary>
    /// <param name="host">The host.</param>
    /// <param name="maintenance">Its maintenance.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The maintenance was ended meanwhile, or begun by somebody else.</exception>
    public static Task<HostMaintenance> LeaveMaintenanceAsync(this LibvirtHost host, HostMaintenance maintenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maintenance);
        return host.WriteAsync(Readable(maintenance)! with { State = HostMaintenanceState.Leaving }, replaced: maintenance, cancellationToken);
    }

    /// <summary>Ends the maintenance of a host that is leaving it, if all of its domains are back; else it remembers those that are not.</summary>
    /// <param name="host">The host.</param>
    /// <param name="maintenance">Its maintenance, with the domains that are to be back.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The domains that are not back.</returns>
    /// <exception cref="LiveMigrationException">The maintenance was ended meanwhile, or begun by somebody else.</exception>
    public static async Task<IReadOnlyList<HostedDomain>> SettleMaintenanceAsync(this LibvirtHost host, HostMaintenance maintenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maintenance);
        var here = (await host.GetDomainsAsync(DomainQuery.All, cancellationToken).ConfigureAwait(false)).Select(domain => domain.Uuid).ToHashSet();
        HostedDomain[] open = [.. maintenance.Domains.Where(domain => !here.Contains(domain.Uuid))];
        if (open.Length == 0)
            await host.EndMaintenanceAsync(maintenance, cancellationToken).ConfigureAwait(false);
        else
            await host.WriteAsync(maintenance with { Domains = open }, replaced: maintenance, cancellationToken).ConfigureAwait(false);
        return open;
    }

    /// <summary>Ends the maintenance of a host; which VMs it had is forgotten.</summary>
    /// <param name="host">The host.</param>
    /// <param name="maintenance">Its maintenance.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It was begun by somebody else meanwhile.</exception>
    public static Task EndMaintenanceAsync(this LibvirtHost host, HostMaintenance maintenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(maintenance);
        Tracer.Say($"Ending the maintenance of {host.Name}.");
        return host.CallAsync(
            connection =>
            {
                Check(host, connection, maintenance);
                MaintenanceMark.Remove(connection);
            },
            cancellationToken);
    }

    /// <summary>The maintenance, unless its mark cannot be read: what others wrote there is not replaced unseen.</summary>
    private static HostMaintenance? Readable(HostMaintenance? maintenance) => maintenance is { Problem: { } problem }
        ? throw new LiveMigrationException(
            Faults.HostInMaintenance, $"{maintenance.HostName} is in maintenance, {problem}. Exit-HostMaintenance {maintenance.HostName} -KeepPlacement removes the mark.", maintenance.HostName)
        : maintenance;

    /// <summary>What is there is replaced if it is what was read before: another user may have ended the maintenance, or begun one, since then.</summary>
    private static async Task<HostMaintenance> WriteAsync(this LibvirtHost host, HostMaintenance maintenance, HostMaintenance? replaced, CancellationToken cancellationToken)
    {
        Tracer.Say($"Marking {host.Name}: {maintenance}.");
        try
        {
            return await host.CallAsync(
                connection =>
                {
                    Check(host, connection, replaced);
                    return MaintenanceMark.Write(connection, host.State, maintenance);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException error) when (MissingDriver.Is(error))
        {
            throw new LiveMigrationException(
                Faults.NotSupported,
                MissingDriver.In(error.LibvirtMessage) is { } daemon
                    ? $"{host.Name} cannot be put into maintenance: the mark is a secret of libvirt, and {daemon} does not run there ({error.LibvirtMessage})."
                    : $"{host.Name} cannot be put into maintenance: the mark is a secret, and its libvirt has no driver for secrets ({error.LibvirtMessage}).",
                host.Name,
                error);
        }
    }

    private static void Check(LibvirtHost host, Connection connection, HostMaintenance? expected)
    {
        if (MaintenanceMark.Read(connection, host.Name) is var now && now?.Token != expected?.Token)
        {
            throw new LiveMigrationException(
                Faults.HostInMaintenance, now is null ? $"The maintenance of {host.Name} was ended by somebody else meanwhile." : $"{host.Name} was put into maintenance by somebody else meanwhile: {now}.", host.Name);
        }
    }
}
