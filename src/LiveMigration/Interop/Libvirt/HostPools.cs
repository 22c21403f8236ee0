using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The storage pools of a host and their state.</summary>
internal static unsafe class HostPools
{
    internal static List<PoolState> Read(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllStoragePools),
        Native.virConnectListAllStoragePools,
        0,
        pool => Native.TakeString(NativeCall.Begin(nameof(Native.virStoragePoolGetXMLDesc), connection.Host).End(Native.virStoragePoolGetXMLDesc(pool, 0))) is { } xml
            ? new PoolState(
                NativeCall.Begin(nameof(Native.virStoragePoolIsActive), connection.Host).End(Native.virStoragePoolIsActive(pool)) == 1,
                NativeCall.Begin(nameof(Native.virStoragePoolGetAutostart), connection.Host).End(Native.virStoragePoolGetAutostart(pool, out var autostart)) == 0 && autostart == 1,
                xml)
            : null,
        Native.virStoragePoolFree);

    /// <summary>
    /// Whether a pool of the host holds this path now. libvirt remembers what a pool held when it was last looked at: where it
    /// remembers nothing of the path, the pool is looked at again.
    /// </summary>
    internal static bool Holds(Connection connection, string pool, string path, Action<NativePool> refresh)
    {
        if (IsThere(connection, path))
            return true;
        using var known = NativePool.Lookup(connection, pool);
        refresh(known);
        return IsThere(connection, path);
    }

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
