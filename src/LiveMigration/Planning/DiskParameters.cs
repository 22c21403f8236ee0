using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>What happens to the disks, as libvirt is told.</summary>
internal static class DiskParameters
{
    internal static MigrateFlags Flags(IReadOnlyList<DiskMove> disks, StorageOptions options)
    {
        if (Copied(disks) is null)
            return MigrateFlags.None;
        var kind = disks.Any(disk => disk.Transfer is DiskTransfer.Incremental) ? MigrateFlags.NonSharedIncremental : MigrateFlags.NonSharedDisk;
        return options.SynchronousWrites ? kind | MigrateFlags.NonSharedSynchronousWrites : kind;
    }

    /// <summary>From here on QEMU drops what the host cached.</summary>
    private static readonly Version DropsCache = new(4, 0, 0);

    /// <summary>
    /// Whether libvirt need not check once more: every disk that stays is proven to be shared, files that libvirt would doubt among them, and
    /// nothing stays in a host's cache.
    /// </summary>
    internal static MigrateFlags Proof(IReadOnlyList<DiskFacts> facts, IReadOnlyList<DiskMove> disks, Version qemu)
    {
        var left = facts.Where(disk => disk.Disk is { ReadOnly: false, Source: not null } && disks.Any(move => move.Target == disk.Disk.Target && move.Transfer is DiskTransfer.None)).ToList();
        var isCached = qemu < DropsCache && left.Exists(disk => StorageFacts.IsOnHost(disk.Disk) && disk.Disk.Cache is not ("none" or "directsync"));
        return !isCached && left.Exists(disk => disk.Disk.Image.Type is not ("network" or "block")) ? MigrateFlags.Unsafe : MigrateFlags.None;
    }

    /// <summary>The names of those that are copied; null when none is.</summary>
    internal static IReadOnlyList<string>? Copied(IReadOnlyList<DiskMove> disks)
    {
        IReadOnlyList<string> copied = [.. disks.Where(disk => disk.Transfer is not DiskTransfer.None).Select(disk => disk.Target)];
        return copied.Count == 0 ? null : copied;
    }

    /// <summary>The names of copied disks that take less space than they have on the source: zeroes that are written out would fill the destination. Null when none does.</summary>
    internal static IReadOnlyList<string>? Thin(IReadOnlyList<DiskFacts> facts, IReadOnlyList<DiskMove> disks)
    {
        IReadOnlyList<string> thin = [.. disks.Where(disk => disk.Transfer is not DiskTransfer.None
            && facts.FirstOrDefault(one => one.Disk.Target == disk.Target)?.SourceVolume is { } volume && volume.Allocation < volume.Capacity).Select(disk => disk.Target)];
        return thin.Count == 0 ? null : thin;
    }

    /// <summary>libvirt gives its one limit to each disk at once, and to memory afterwards.</summary>
    internal static Bandwidth Share(Bandwidth limit, IReadOnlyList<DiskMove> disks) =>
        Bandwidth.FromBytes(Math.Max(1 << 20, limit.BytesPerSecond / Math.Max(1, Copied(disks)?.Count ?? 1)));

    /// <summary>QEMU copies between equal sizes: of a device that is larger a disk gets as much as it has, in bytes by target name.</summary>
    internal static IReadOnlyDictionary<string, long> Parts(IReadOnlyList<DiskMove> disks) =>
        disks.Where(disk => disk.TakesPart).ToDictionary(disk => disk.Target, disk => disk.Capacity!.Value);

    /// <summary>A pool that was named has become a path.</summary>
    internal static IReadOnlyDictionary<string, string> Places(IReadOnlyList<DiskMove> disks, IReadOnlyDictionary<string, string> map) =>
        map.ToDictionary(place => place.Key, place => disks.FirstOrDefault(disk => disk.Target == place.Key)?.Destination ?? place.Value);
}
