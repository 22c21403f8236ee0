using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// A guest stands still for as short as it gets by with. QEMU switches over as soon as what is left could be sent within the limit: a long
/// one makes the pause long of every guest, also of one that writes nothing. One that writes much may use all that is allowed: to bring
/// its pause down, more would have to be sent.
/// </summary>
internal static class DowntimeController
{
    /// <summary>Proxmox VE begins with as much.</summary>
    private static readonly Duration Short = TimeSpan.FromMilliseconds(100);

    private static readonly Duration OfQemu = TimeSpan.FromMilliseconds(300);

    /// <summary>Which part of what is sent a guest has to write again to count as one that writes much.</summary>
    private const double Much = 0.1;

    /// <summary>Who has not got there in so many passes does not.</summary>
    private const int Passes = 6;

    /// <summary>What a migration begins with; what its guest may stand still for at most is kept for later.</summary>
    internal static async Task<Duration?> BeginAsync(MoveState move, LibvirtDomain domain, EvacuationPolicy policy)
    {
        var most = policy.MaxDowntime ?? (domain.Status.IsActive ? (await domain.GetMigrationDowntimeAsync().ConfigureAwait(false)).Limit : null);
        if (!(most?.CompareTo(Short) > 0))
            return policy.MaxDowntime;
        move.LongestPause = most;
        return Short;
    }

    /// <summary>One that a process left which is no more may pause for longer where it was that process that made the pause short.</summary>
    internal static async Task TakeInAsync(MoveState found, LibvirtDomain domain, EvacuationPolicy policy)
    {
        try
        {
            if ((await domain.GetMigrationDowntimeAsync().ConfigureAwait(false)).Limit == Short.Value)
                found.LongestPause = policy.MaxDowntime ?? OfQemu;
        }
        catch (LiveMigrationException)
        {
            // It has just ended.
        }
    }

    /// <summary>Lets it stand still for longer if it does not get done otherwise.</summary>
    internal static void Lengthen(MoveState move)
    {
        if (move is not { LongestPause: { } most, Order.IsCompleted: true, Run: { } migration } || !NeedsMore(migration.Progress))
            return;
        move.LongestPause = null;
        move.Order = AllowAsync(migration, most);
    }

    /// <summary>Whether short pauses are too dear for it.</summary>
    internal static bool NeedsMore(MigrationProgress progress) => progress is { Phase: MigrationPhase.Copying, Iteration: > 1 }
        && (progress.Iteration > Passes || progress.DirtyRate > Much * progress.Rate);

    private static async Task AllowAsync(MigrationRun migration, Duration most)
    {
        try
        {
            await migration.SetDowntimeAsync(most).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // It has just ended.
        }
    }
}
