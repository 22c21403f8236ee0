using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The storage pools of a host and their state.</summary>
internal static unsafe class HostPools
{
    /// <summary>All pools: whether each is started libvirt tells in the same answer for all, and the definition one by one.</summary>
    /// <exception cref="LibvirtException">They cannot be listed; where the daemon for storage does not run, it says so.</exception>
    internal static IReadOnlyList<PoolState> Read(Connection connection)
    {
        var autostart = List(connection, PoolFilter.Autostart, Name).ToHashSet();
        return [.. Read(PoolFilter.Active), .. Read(PoolFilter.Inactive)];

        IEnumerable<PoolState> Read(PoolFilter filter) => List(connection, filter, pool =>
            Native.TakeString(NativeCall.Begin(nameof(Native.virStoragePoolGetXMLDesc), connection.Host).End(Native.virStoragePoolGetXMLDesc(pool, 0))) is { } xml
                ? new PoolState(filter is PoolFilter.Active, autostart.Contains(Name(pool)), xml)
                : null);
    }

    private static string Name(nint pool) => Native.PeekString(Native.virStoragePoolGetName(pool)) ?? "";

    private static List<T> List<T>(Connection connection, PoolFilter filter, Func<nint, T?> read)
        where T : class =>
        ObjectListing.Read(connection, nameof(Native.virConnectListAllStoragePools), Native.virConnectListAllStoragePools, (uint)filter, read, Native.virStoragePoolFree);

    /// <summary>
    /// Whether a pool of the host holds this path now. libvirt remembers what a pool held when it was last looked at: where it
    /// remembers nothing of the path, the pool is looked at again, unless that was done.
    /// </summary>
    internal static bool Holds(Connection connection, string path, Func<bool> lookAgain) => IsThere(connection, path) || (lookAgain() && IsThere(connection, path));

    private static bool IsThere(Connection connection, string path)
    {
        var volume = NativeCall.Begin(nameof(Native.virStorageVolLookupByPath), connection.Host).End(Native.virStorageVolLookupByPath(connection.Handle, path));
        if (volume != 0)
        {
            _ = Native.virStorageVolFree(volume);
            return true;
        }

        var error = LibvirtError.Last(nameof(Native.virStorageVolLookupByPath), connection.Host);
        return error.Code is LibvirtErrorCode.NoStorageVolume ? false : throw error;
    }
}

/// <summary>A storage pool.</summary>
internal sealed record PoolState(bool Active, bool Autostart, string Xml);
