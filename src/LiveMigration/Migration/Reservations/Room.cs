using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Migration.Reservations;

/// <summary>What a destination has free now.</summary>
/// <param name="Memory">Free memory and caches in bytes; null where it does not tell.</param>
/// <param name="Pools">Pools by name, and folders by path; those that are missing do not tell.</param>
/// <param name="Pages">Free huge pages in bytes, by their size in KiB; sizes that are missing are not told.</param>
internal sealed record Room(long? Memory, IReadOnlyDictionary<string, PoolFacts> Pools, IReadOnlyDictionary<uint, long> Pages)
{
    /// <summary>Whether a place is a folder without a pool of its own.</summary>
    internal static bool IsFolder(string place) => place.StartsWith('/');

    /// <summary>Asks a host. A folder is looked at through a pool that is there for the moment; one that is yet to be made, through the nearest one above it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="places">Pools by name, folders by path.</param>
    /// <param name="pages">Sizes of huge pages in KiB.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<Room> ReadAsync(LibvirtHost host, IReadOnlyCollection<string> places, IEnumerable<uint> pages, CancellationToken cancellationToken)
    {
        var pools = places.Where(place => !IsFolder(place)).ToDictionary(name => name);
        var leases = new List<FolderLease>();
        try
        {
            foreach (var folder in places.Where(IsFolder))
            {
                if (await PoolOverAsync(host, folder, leases, cancellationToken).ConfigureAwait(false) is { } pool)
                    pools[folder] = pool;
            }

            return await host.CallAsync(connection => Read(connection, pools, pages), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var lease in leases)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The pool over a folder, or over the nearest one above it that is there; null where that is not told.</summary>
    private static async Task<string?> PoolOverAsync(LibvirtHost host, string folder, List<FolderLease> leases, CancellationToken cancellationToken)
    {
        for (var above = folder; ; above = above[..Math.Max(above.LastIndexOf('/'), 1)])
        {
            var lease = await FolderPools.OpenAsync(host, [above], cancellationToken).ConfigureAwait(false);
            leases.Add(lease);
            if (lease.NameOf(above) is { } name)
                return name;
            if (!lease.IsAbsent(above))
            {
                var pools = await host.CallAsync(connection => new HostStorage(connection).Pools, cancellationToken).ConfigureAwait(false);
                return pools.FirstOrDefault(pool => pool is { IsActive: true, HoldsFiles: true } && pool.Pool.TargetPath?.TrimEnd('/') == above.TrimEnd('/'))?.Name;
            }

            if (above == "/")
                return null;
        }
    }

    private static Room Read(Connection connection, Dictionary<string, string> pools, IEnumerable<uint> pages)
    {
        var found = pools.Select(place => (place.Key, Pool: Find(connection, place.Value))).Where(place => place.Pool is not null).ToList();
        try
        {
            // What is free is read of all at once: pools over one file system are known by it.
            // One that is yet to be started reports no space until then; one in which something is being made is as it was seen last.
            var active = found.Where(place => PoolLooks.TryRefresh(place.Pool!) || place.Pool!.IsActive()).ToList();
            var facts = active.ToDictionary(place => place.Key, place => Named(PoolFacts.Parse(place.Pool!.GetXml(), isActive: true), place.Key));
            return new Room(MemoryAvailable.Read(connection), facts, Free(connection, [.. pages]));
        }
        finally
        {
            found.ForEach(place => place.Pool!.Dispose());
        }

        static PoolFacts Named(PoolFacts pool, string place) => IsFolder(place) ? pool with { Pool = pool.Pool with { Name = place } } : pool;
    }

    /// <summary>Null for one that is gone: the plan has looked at it.</summary>
    private static NativePool? Find(Connection connection, string name)
    {
        try
        {
            return NativePool.Lookup(connection, name);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStoragePool)
        {
            return null;
        }
    }

    private static Dictionary<uint, long> Free(Connection connection, uint[] sizes)
    {
        if (sizes.Length == 0)
            return [];
        var cells = Math.Max(1, XElement.Parse(connection.GetCapabilities()).Descendants("cells").Elements("cell").Count());
        return sizes.ToDictionary(size => size, size => HostFitness.FreePages(connection, size, cells).Sum(count => (long)count) * size * 1024);
    }
}
