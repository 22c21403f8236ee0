using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;

namespace LiveMigration.Migration.Reservations;

/// <summary>What a destination has free now.</summary>
/// <param name="Memory">Free memory and caches in bytes; null where it does not tell.</param>
/// <param name="Pools">Pools by name; those that are missing do not tell.</param>
/// <param name="Pages">Free huge pages in bytes, by their size in KiB; sizes that are missing are not told.</param>
internal sealed record Room(long? Memory, IReadOnlyDictionary<string, PoolFacts> Pools, IReadOnlyDictionary<uint, long> Pages)
{
    internal static Room Read(Connection connection, IEnumerable<string> pools, IEnumerable<uint> pages)
    {
        var found = pools.Select(name => Find(connection, name)).OfType<NativePool>().ToList();
        try
        {
            // What is free is read of all at once: pools over one file system are known by it.
            found.ForEach(pool => PoolLooks.TryRefresh(pool));
            var facts = found.Select(pool => PoolFacts.Parse(pool.GetXml(), isActive: true)).ToDictionary(pool => pool.Name);
            return new Room(MemoryAvailable.Read(connection), facts, Free(connection, [.. pages]));
        }
        finally
        {
            found.ForEach(pool => pool.Dispose());
        }
    }

    /// <summary>Null for one that is yet to be made, or is a folder: the plan has looked at it.</summary>
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
