using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Reservations;

/// <summary>What one migration has reserved at its destination.</summary>
internal sealed class Reserved(MigrationPlan plan, MigrationRun run) : IDisposable
{
    private IDisposable? _held;

    /// <summary>Takes it; a definition alone, and a guest that is there already, need nothing.</summary>
    /// <exception cref="Errors.LiveMigrationException">Others take it.</exception>
    internal async Task TakeAsync()
    {
        if (plan.Options.Offline || plan.DestinationUuid is not { } host || plan.Flags.HasFlag(MigrateFlags.PostCopyResume))
            return;
        var wanted = Reservation.Of(plan);
        _held = await DestinationReservations.Of(host).TakeAsync(
            wanted,
            () => run.LeftToArrive,
            pools => Room.ReadAsync(plan.Destination, pools, wanted.Pages.Keys, run.Stopping),
            plan.Destination.Name,
            run.Stopping).ConfigureAwait(false);
    }

    public void Dispose() => _held?.Dispose();
}
