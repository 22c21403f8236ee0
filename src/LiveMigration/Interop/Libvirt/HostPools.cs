using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The storage pools of a host and their state.</summary>
internal static unsafe class HostPools
{
    /// <summary>All pools: whether each is started libvirt tells in the same answer for all, and the definition one by one.</summary>
    /// <exception cref="LibvirtException">They cannot be listed; where the daemon for storage does not run, it says so.</exception>
    internal static IReadOnlyList<PoolState> Read(Connection connection)
    {
        // One listing has them all: one that starts meanwhile is not missing from two.
        var pools = List(connection, PoolFilter.All, pool =>
            Native.TakeString(NativeCall.Begin(nameof(Native.virStoragePoolGetXMLDesc), connection.Host).End(Native.virStoragePoolGetXMLDesc(pool, 0))) is { } xml
                ? new PoolState(Active: false, Autostart: false, xml) { Name = Name(pool) }
                : null);
        var active = List(connection, PoolFilter.Active, Name).ToHashSet();
        var autostart = List(connection, PoolFilter.Autostart, Name).ToHashSet();
        return [.. pools.Select(pool => pool with { Active = active.Contains(pool.Name), Autostart = autostart.Contains(pool.Name) }).OrderByDescending(pool => pool.Active)];
    }

    private static string Name(nint pool) => Native.PeekString(Native.virStoragePoolGetName(pool)) ?? "";

    private static List<T> List<T>(Connection connection, PoolFilter filter, Func<nint, T?> read)
        where T : class =>
        ObjectListing.Read(connection, nameof(Native.virConnectListAllStoragePools), Native.virConnectListAllStoragePools, (uint)filter, read, Native.virStoragePoolFree);

    /// <summary>Whether a pool of the host holds this path. libvirt remembers what a pool held when it was last looked at.</summary>
    internal static bool Holds(Connection connection, string path)
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
internal sealed record PoolState(bool Active, bool Autostart, string Xml)
{
    internal string Name { get; init; } = "";
}
