using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Affinity;

/// <summary>
/// Keeps a migration's threads on host CPUs of their own while it lasts. QEMU's migration threads are children of its emulator
/// thread and inherit its CPUs; the destination's take the pinning over with the domain. Both are put back.
/// </summary>
internal static class MigrationAffinity
{
    /// <summary>Pins the emulator threads at the source; null when that was not asked for.</summary>
    internal static async Task<AffinityEntry?> PinAsync(MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Options.CpuAffinity is not { } cpus)
            return null;
        var source = await plan.Source.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var destination = await plan.Destination.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        return await plan.Source.CallAsync(
            plan.Domain.Uuid,
            native =>
            {
                var former = EmulatorPin.Get(native, source.Cpus, source.Name);
                var entry = AffinityJournal.Write(plan.Domain.Uuid, source.Uuid, destination.Uuid, former);
                EmulatorPin.Set(native, EmulatorPin.Map(cpus, source.Cpus), source.Name);
                return entry;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts the former pinning back where the domain runs now.</summary>
    internal static async Task UnpinAsync(LibvirtHost host, AffinityEntry entry, CancellationToken cancellationToken)
    {
        await host.CallAsync(
            entry.Domain,
            native =>
            {
                EmulatorPin.Set(native, entry.Former, host.Name);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        AffinityJournal.Remove(entry);
    }

    /// <summary>
    /// Puts back on this host what a client changed that died in the middle. A domain that still migrates is left for later; one
    /// that is not here any more is found at its other host.
    /// </summary>
    /// <returns>The names of the domains that were put back.</returns>
    internal static async Task<IReadOnlyList<string>> RecoverAsync(LibvirtHost host, Guid uuid, CancellationToken cancellationToken)
    {
        var recovered = new List<string>();
        foreach (var entry in AffinityJournal.Orphans().Where(entry => entry.Source == uuid || entry.Destination == uuid))
        {
            try
            {
                var (name, settled) = await host.CallAsync(
                    connection =>
                    {
                        using var native = connection.LookupByUuid(entry.Domain);
                        var running = native.GetState().State == (int)Domains.DomainState.Running;
                        return (native.GetName(), running && !native.GetJobStatistics().IsActive);
                    },
                    cancellationToken).ConfigureAwait(false);
                if (!settled)
                    continue;
                await UnpinAsync(host, entry, cancellationToken).ConfigureAwait(false);
                recovered.Add(name);
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid)
            {
                // Not here, or stopped since: a stopped domain has no threads, and its definition was never changed.
            }
        }

        return recovered;
    }
}
