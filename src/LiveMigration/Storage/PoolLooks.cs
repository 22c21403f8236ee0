using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage;

/// <summary>
/// The pools that were looked at again in one run. libvirt remembers what a pool held; to look again it opens every image of the pool, and stops
/// one that it cannot read: so each pool is looked at once, whatever number of disks and VMs is asked about.
/// </summary>
internal sealed class PoolLooks
{
    private readonly ConcurrentDictionary<(string Host, string Pool), Lazy<bool>> _seen = new();

    /// <summary>Looks for what others made, unless that was done in this run; who comes meanwhile waits for it.</summary>
    internal void Refresh(NativePool pool, string host, string name) => _ = _seen.GetOrAdd((host, name), _ => new(() => TryRefresh(pool))).Value;

    /// <summary>Whether a pool was looked at, to the end: what it does not know now is not in it.</summary>
    internal bool IsFresh(string host, string name) => _seen.TryGetValue((host, name), out var look) && look.IsValueCreated;

    /// <summary>Looks at a pool, or waits for a look that is under way.</summary>
    internal void Refresh(Connection connection, string name)
    {
        using var pool = NativePool.Lookup(connection, name);
        Refresh(pool, connection.Host, name);
    }

    /// <summary>A pool in which something is being made now stays as it was seen last.</summary>
    internal static bool TryRefresh(NativePool pool)
    {
        try
        {
            pool.Refresh();
            return true;
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.InternalError or LibvirtErrorCode.OperationInvalid)
        {
            return false;
        }
    }
}
