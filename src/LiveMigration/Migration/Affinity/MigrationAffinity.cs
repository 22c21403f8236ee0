using LiveMigration.Domains;
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
    /// <summary>Writes down what the emulator threads on the source are pinned to; null when nobody asked for another pinning.</summary>
    internal static async Task<AffinityEntry?> NoteAsync(MigrationPlan plan, AffinityJournal journal, CancellationToken cancellationToken)
    {
        if (plan.Options.CpuAffinity is null)
            return null;
        var source = await plan.Source.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var destination = await plan.Destination.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        // What a dead client left is not what was before.
        var left = journal.Orphans().FirstOrDefault(entry => entry.Domain == plan.Domain.Uuid && entry.IsFor(source.Uuid.GetValueOrDefault()));
        var former = left?.Former
            ?? await plan.Source.CallAsync(plan.Domain.Uuid, native => EmulatorPin.Get(native, source.Cpus, source.Name), cancellationToken).ConfigureAwait(false);
        return journal.Write(plan.Domain.Uuid, source.Uuid.GetValueOrDefault(), destination.Uuid.GetValueOrDefault(), former);
    }

    /// <summary>Pins them as the plan has it.</summary>
    internal static async Task PinAsync(MigrationPlan plan, AffinityEntry entry, CancellationToken cancellationToken)
    {
        var cpus = (await plan.Source.GetInfoAsync(cancellationToken).ConfigureAwait(false)).Cpus;
        await plan.Source.OrderAsync(
            plan.Domain.Uuid,
            native => EmulatorPin.Set(native, EmulatorPin.Map(plan.Options.CpuAffinity!, cpus), plan.Source.Name),
            native => EmulatorPin.Set(native, entry.Former, plan.Source.Name),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts the former pinning back where the domain runs now.</summary>
    internal static async Task UnpinAsync(LibvirtHost host, AffinityEntry entry, AffinityJournal journal, CancellationToken cancellationToken)
    {
        await host.CallAsync(
            entry.Domain,
            native =>
            {
                EmulatorPin.Set(native, entry.Former, host.Name);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        journal.Remove(entry);
    }

    /// <summary>
    /// Puts back on this host what a client changed that died in the middle. A domain that still migrates is left for later; one
    /// that is not here any more is found at its other host.
    /// </summary>
    /// <returns>The names of the domains that were put back, and whether there are some that migrate.</returns>
    internal static async Task<(IReadOnlyList<string> Recovered, bool Migrating)> RecoverAsync(
        LibvirtHost host, Guid uuid, CancellationToken cancellationToken)
    {
        var recovered = new List<string>();
        var migrating = false;
        var journal = new AffinityJournal(host.State);
        foreach (var entry in journal.Orphans().Where(entry => entry.IsFor(uuid)))
        {
            try
            {
                var (name, place) = await host.CallAsync(entry.Domain, native => (native.GetName(), PlaceOf(native)), cancellationToken).ConfigureAwait(false);
                migrating |= place is Place.Migrating;
                if (place is not Place.Here)
                    continue;
                await UnpinAsync(host, entry, journal, cancellationToken).ConfigureAwait(false);
                host.Notice($"The CPU pinning of '{name}' on {host.Name} was restored: the client that migrated it had ended before it could do so.");
                recovered.Add(name);
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
            {
                // At its other host, or gone: a domain that has stopped has no threads, and its definition was never changed.
            }
            catch (LibvirtException error)
            {
                host.Notice($"The CPU pinning that a migration of the domain {entry.Domain} changed could not be restored on {host.Name}: {error.Message}");
            }
        }

        return (recovered, migrating);
    }

    /// <summary>A domain that arrives is asked for nothing but its state: any other question waits for its lock.</summary>
    private static Place PlaceOf(NativeDomain native)
    {
        var (state, reason) = native.GetState();
        var status = new DomainStatus((DomainState)state, reason);
        return !status.IsActive ? Place.Elsewhere
            : status.IsPausedForMigration || status.IsPostCopy || native.GetJobStatistics().IsActive ? Place.Migrating
            : Place.Here;
    }

    private enum Place
    {
        Elsewhere,
        Migrating,
        Here,
    }
}
