using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// A guest stands still for as short as it gets by with. QEMU switches over as soon as what is left could be sent within the limit: a long
/// one makes the pause long of every guest, also of one that writes nothing. Only where pass after pass does not bring it is all used
/// that is allowed.
/// </summary>
internal static class ShortPause
{
    /// <summary>Proxmox VE begins with as much.</summary>
    private static readonly Duration Short = TimeSpan.FromMilliseconds(100);

    private static readonly Duration OfQemu = TimeSpan.FromMilliseconds(300);

    /// <summary>A guest that writes less than a third of what is sent gets there in so many passes.</summary>
    private const int Passes = 4;

    /// <summary>What a migration begins with; what its guest may stand still for at most is kept for later.</summary>
    internal static async Task<Duration?> BeginAsync(Journey journey, LibvirtDomain domain, EvacuationPolicy policy)
    {
        var most = policy.MaxDowntime ?? (domain.Status.IsActive ? (await domain.GetMigrationDowntimeAsync().ConfigureAwait(false)).Limit : null);
        if (!(most?.CompareTo(Short) > 0))
            return policy.MaxDowntime;
        journey.LongestPause = most;
        return Short;
    }

    /// <summary>One that a process left which is no more may pause for a short time only, as far as we know.</summary>
    internal static void TakeIn(Journey found, EvacuationPolicy policy) => found.LongestPause = policy.MaxDowntime ?? OfQemu;

    /// <summary>Lets it stand still for longer if it does not get done otherwise.</summary>
    internal static void Lengthen(Journey journey)
    {
        if (journey is not { LongestPause: { } most, Order.IsCompleted: true, Run: { Progress: { Phase: MigrationPhase.Copying, Iteration: > Passes } } migration })
            return;
        journey.LongestPause = null;
        journey.Order = AllowAsync(migration, most);
    }

    private static async Task AllowAsync(MigrationRun migration, Duration most)
    {
        try
        {
            await migration.Domain.SetMigrationDowntimeAsync(most).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // It has just ended.
        }
    }
}
