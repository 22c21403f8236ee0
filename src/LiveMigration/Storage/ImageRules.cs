using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Storage;

/// <summary>What may be written on the destination, and whether there is room.</summary>
internal static class ImageRules
{
    internal static void Check(DiskFacts facts, DiskMove move, StorageOptions options, string source, string destination)
    {
        var path = move.Destination!;
        if (facts.UsedBy.Count > 0)
            throw Refuse(Faults.DestinationImageInUse, $"{path} on {destination} is used by '{string.Join("', '", facts.UsedBy)}'");
        if (facts.HostUse is { } use)
            throw Refuse(Faults.DestinationImageInUse, $"{path} is used by {destination} itself: {use}");
        if (move.Capacity is null || move.Format is null)
            throw Refuse(Faults.ImagesDiffer, $"its size and format on {source} are unknown");
        if (facts.GoesToDevice)
            CheckDevice();
        else if (facts is { DestinationVolume: { } there, Replaces: false })
            CheckImage(there);
        else if (move.Pool is null or { IsActive: false } && !options.AllowPoolSetup)
            throw Refuse(Faults.DestinationPoolMissing, move.Pool is null ? $"no pool on {destination} contains {path}" : $"pool '{move.Pool.Name}' on {destination} is not active");

        void CheckDevice()
        {
            if (!facts.IsMapped || facts.DestinationVolume is not { } device)
                throw Refuse(Faults.BlockDeviceDestination, $"{path} on {destination} is a block device{(facts.DestinationVolume is null ? " that no pool there lists" : " that was not named explicitly")}");
            if (move.Format != "raw")
                CheckAlike(device);
            else if (device.Length < move.Capacity.Value)
                throw Refuse(Faults.BlockDeviceDestination, $"{path} on {destination} has {new ByteSize(device.Length)} ({device.Length} bytes), but the disk has {new ByteSize(move.Capacity.Value)} ({move.Capacity.Value} bytes)");
        }

        void CheckImage(Volume there)
        {
            if (options.Copy is null)
                throw Refuse(Faults.DestinationImageExists, $"the image {path} already exists on {destination}{(facts.IsLeftover ? ", left by a migration whose client ended before it could remove it" : "")}");
            if (facts.SourceVolume is null)
                throw Refuse(Faults.DestinationImageExists, $"the image {path} already exists on {destination}, and it may be the same file as on {source}: no active pool there contains {move.Source}");
            CheckAlike(there);
            if (move.Transfer is DiskTransfer.Incremental && there.Backing != facts.SourceVolume.Backing)
                throw Refuse(Faults.ImagesDiffer, $"{path} on {destination} has {(there.Backing is { } below ? $"the backing file {below.Path}" : "no backing file")}, but the disk has {facts.SourceVolume.Backing?.Path}");
        }

        void CheckAlike(Volume there)
        {
            if (there.Capacity != move.Capacity.Value)
                throw Refuse(Faults.ImagesDiffer, $"{path} on {destination} has {new ByteSize(there.Capacity)} ({there.Capacity} bytes), but the disk has {new ByteSize(move.Capacity.Value)} ({move.Capacity.Value} bytes)");
            // What a guest wrote first may look like a format; a raw image is what the definition says it is.
            if (there.Format != move.Format && move.Format != "raw")
                throw Refuse(Faults.ImagesDiffer, $"{path} on {destination} has the format {there.Format}, but the disk has {move.Format}");
        }

        LiveMigrationException Refuse(Fault fault, string reason) => new(fault, $"{move.Target} cannot be copied: {reason}.", destination);
    }

    /// <summary>By pool, the images that are made in it and the space that they need. Of a pool that was looked at twice, the lower number counts.</summary>
    internal static IEnumerable<(PoolFacts Pool, IReadOnlyList<DiskMove> Moves, long Needed)> Needs(IEnumerable<DiskMove> moves, StorageOptions options) => moves
        .Where(move => move is { MakesImage: true, Pool: not null })
        .GroupBy(move => move.Pool!.Name)
        .Select(pool => (
            pool.Select(move => move.Pool!).MinBy(facts => facts.Available)!,
            (IReadOnlyList<DiskMove>)[.. pool],
            pool.Sum(move => options.AllowOvercommit || move.Transfer is not DiskTransfer.Full
                ? move.Bytes ?? move.Capacity!.Value
                : Math.Max(move.Capacity!.Value, move.Bytes ?? 0))));

    /// <summary>All images of a pool, and of others over the same file system, must fit together; what QEMU copies comes to use its whole size.</summary>
    internal static void CheckSpace(IEnumerable<DiskMove> moves, StorageOptions options, string destination)
    {
        // A pool that is not started does not tell.
        var rest = Needs(moves, options).Where(one => one.Pool.IsActive).ToList();
        while (rest.Count > 0)
        {
            var together = rest.Where(one => one.Pool.SharesSpaceWith(rest[0].Pool)).ToList();
            rest = [.. rest.Except(together)];
            var (images, available, needed) = (together.SelectMany(one => one.Moves).ToList(), together.Min(one => one.Pool.Available), together.Sum(one => one.Needed));
            if (available + images.Sum(move => move.Replaced?.Allocation ?? 0) < needed)
            {
                var pools = string.Join(", ", together.Select(one => $"'{one.Pool.Name}'"));
                var isKnown = together.TrueForAll(one => one.Pool.Origin is not null && one.Pool.Origin == together[0].Pool.Origin);
                throw new LiveMigrationException(
                    Faults.InsufficientStorage,
                    $"{(together.Count == 1 ? $"Pool {pools} on {destination} has" : $"Pools {pools} on {destination} {(isKnown ? "are on one file system, which has" : "are taken for one file system, as their sizes and free space are equal: it has")}")} {new ByteSize(available)} free; {string.Join(", ", images.Select(move => move.Target))} {(options.AllowOvercommit ? "now use" : "may grow to")} {new ByteSize(needed)}.",
                    destination);
            }
        }
    }
}
