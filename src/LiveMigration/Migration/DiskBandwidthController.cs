using LiveMigration.Errors;
using LiveMigration.Hypervisors;

namespace LiveMigration.Migration;

/// <summary>Divides a migration's bandwidth again whenever a disk has been copied, or memory begins.</summary>
internal sealed class DiskBandwidthController(MigrationRun run, IMigrationDriver driver)
{
    private string? _divided;

    internal async Task FollowAsync(MigrationStatistics? statistics)
    {
        if (statistics is not { DiskTotal: > 0 } || run.Limit is not { IsUnlimited: false } limit)
            return;
        try
        {
            var mirrors = await driver.QueryMirrorsAsync().ConfigureAwait(false);
            var state = $"{limit}: {string.Join(' ', mirrors.OrderBy(mirror => mirror.Key, StringComparer.Ordinal))}";
            if (state == _divided || mirrors.Count == 0)
                return;
            _divided = state;
            await driver.SetBandwidthAsync(limit).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // A mirror that has just ended has no limit any more; and an older libvirt leaves the disks the shares with which
            // they began, which together are all: memory then keeps to what they leave when they only follow the guest.
        }
    }
}
