using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;

namespace LiveMigration.Migration.Reservations;

/// <summary>What a destination has free now.</summary>
/// <param name="Memory">Free memory and caches in bytes; null where it does not tell.</param>
/// <param name="Space">Free space in bytes, by pool; those that are missing do not tell.</param>
internal sealed record Room(long? Memory, IReadOnlyDictionary<string, long> Space)
{
    internal static Room Read(Connection connection, IEnumerable<string> pools)
    {
        var space = new Dictionary<string, long>();
        foreach (var name in pools)
        {
            try
            {
                using var pool = NativePool.Lookup(connection, name);
                PoolLooks.TryRefresh(pool);
                space[name] = PoolFacts.Parse(pool.GetXml(), isActive: true).Available;
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStoragePool)
            {
                // It is yet to be made, or is a folder: the plan has looked at it.
            }
        }

        return new Room(MemoryAvailable.Read(connection), space);
    }
}
