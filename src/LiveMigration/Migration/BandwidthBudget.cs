using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>
/// One limit for a migration that sends memory and mirrors disks: libvirt has a limit for each stream and none for all. A disk
/// that is being copied takes a whole share, as memory does; one that only follows the guest's writes takes a quarter.
/// Memory waits until all disks have been copied once.
/// </summary>
internal static class BandwidthBudget
{
    private const double Copying = 1;
    private const double Following = 0.25;
    private const double Memory = 1;

    /// <summary>What each stream may use.</summary>
    /// <param name="total">The limit of all together.</param>
    /// <param name="disks">Disk by target name, and whether it still is being copied for the first time.</param>
    internal static (Bandwidth Memory, IReadOnlyDictionary<string, Bandwidth> Disks) Split(Bandwidth total, IReadOnlyDictionary<string, bool> disks)
    {
        if (total.IsUnlimited || disks.Count == 0)
            return (total, disks.ToDictionary(disk => disk.Key, _ => total));
        var weights = disks.ToDictionary(disk => disk.Key, disk => disk.Value ? Copying : Following);
        var waiting = disks.Values.Any(copying => copying);
        var sum = weights.Values.Sum() + (waiting ? 0 : Memory);
        var later = disks.Count * Following + Memory;
        return (Share(Memory, waiting ? later : sum), weights.ToDictionary(disk => disk.Key, disk => Share(disk.Value, sum)));

        Bandwidth Share(double weight, double of) => Bandwidth.FromBytes((long)Math.Max(1, total.BytesPerSecond * weight / of));
    }
}
