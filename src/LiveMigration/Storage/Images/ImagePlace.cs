using LiveMigration.Domains;
using LiveMigration.Errors;

namespace LiveMigration.Storage.Images;

/// <summary>Where a disk is to be on the destination.</summary>
internal static class ImagePlace
{
    /// <summary>A path stays as it is; a pool's name means the image's own name in that pool.</summary>
    internal static string Resolve(string place, DomainDisk disk, IReadOnlyList<PoolFacts> pools, string host)
    {
        if (place.StartsWith('/'))
            return place;
        var pool = pools.FirstOrDefault(pool => pool.Name == place)
            ?? throw new LiveMigrationException(
                Faults.InvalidMapping,
                $"-DiskMap: '{place}' for {disk.Target} is neither a path nor a storage pool on {host}. Existing pools: {string.Join(", ", pools.Select(pool => pool.Name))}.",
                host);
        return pool.Pool.TargetPath is null
            ? throw new LiveMigrationException(Faults.InvalidMapping, $"-DiskMap: volumes of pool '{place}' ({pool.Pool.Type}) have no path on {host}.", host)
            : pool.PathOf(disk.Source![(disk.Source!.LastIndexOf('/') + 1)..]);
    }
}
