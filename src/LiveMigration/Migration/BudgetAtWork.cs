using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Migration;

/// <summary>Divides a migration's bandwidth again whenever a disk has been copied, or memory begins.</summary>
internal sealed class BudgetAtWork(MigrationRun run)
{
    private string? _divided;

    internal async Task FollowAsync(JobStatistics? job)
    {
        if (job is not { DiskTotal: > 0 } || run.Limit is not { IsUnlimited: false } limit)
            return;
        try
        {
            var mirrors = await run.Domain.Host.CallAsync(run.Domain.Uuid, native => DiskMirrors.Read(native, run.Domain), CancellationToken.None).ConfigureAwait(false);
            var state = $"{limit}: {string.Join(' ', mirrors.OrderBy(mirror => mirror.Key, StringComparer.Ordinal))}";
            if (state == _divided || mirrors.Count == 0)
                return;
            _divided = state;
            await run.Domain.SetMigrationBandwidthAsync(limit).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // A mirror that has just ended has no limit any more; and an older libvirt leaves the disks the shares with which
            // they began, which together are all: memory then keeps to what they leave when they only follow the guest.
        }
    }
}
