using LiveMigration.Migration.Reservations;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Migration;

/// <summary>plan → images on the destination, for the next migration.</summary>
public static class MigrationDisks
{
    /// <summary>Makes the images that the plan's migration would make; they are the user's own from then on.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The disks whose images were made.</returns>
    /// <exception cref="Errors.LiveMigrationException">One could not be made; those before it are removed again.</exception>
    public static async Task<IReadOnlyList<DiskMove>> MakeDisksAsync(this MigrationPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // Migrations to the same host, and others that make images, count the space as taken while they are made.
        using var held = plan.DestinationUuid is not { } host ? null : await DestinationReservations.Of(host).TakeAsync(
            Reservation.OfDisks(plan),
            () => null,
            pools => Room.ReadAsync(plan.Destination, pools, [], cancellationToken),
            plan.Destination.Name,
            cancellationToken).ConfigureAwait(false);
        var images = await DestinationImages.MakeAsync(plan.Domain.Uuid, plan.Destination, plan.Disks, cancellationToken).ConfigureAwait(false);
        images.HandOver();
        return [.. plan.Disks.Where(disk => disk.MakesImage)];
    }
}
