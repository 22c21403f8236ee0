using System.Runtime.InteropServices;
using LiveMigration.Errors;
using LiveMigration.Tracing;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The storage pools of a host.</summary>
internal static unsafe class StorageListing
{
    /// <summary>The definition of each pool; none where the host knows no storage, or its daemon for storage does not run.</summary>
    internal static IReadOnlyList<string> PoolXml(Connection connection, PoolFilter filter = PoolFilter.All)
    {
        nint* pools = null;
        var count = NativeCall.Begin(nameof(Native.virConnectListAllStoragePools), connection.Host).End(
            Native.virConnectListAllStoragePools(connection.Handle, &pools, (uint)filter));
        if (count < 0)
        {
            var error = LibvirtError.Last(nameof(Native.virConnectListAllStoragePools), connection.Host);
            if (!MissingDriver.Is(error))
                throw error;
            if (MissingDriver.In(error.LibvirtMessage) is { } daemon)
                Tracer.Say($"{connection.Host}: {daemon} does not run: storage pools are not known.");
            return [];
        }

        var handles = new List<StoragePoolHandle>(count);
        for (var index = 0; index < count; index++)
            handles.Add(new StoragePoolHandle(pools[index]));
        NativeMemory.Free(pools);

        var result = new List<string>(count);
        foreach (var pool in handles)
        {
            // A pool that was removed since it was listed is simply no longer there.
            if (Native.TakeString(NativeCall.Begin(nameof(Native.virStoragePoolGetXMLDesc), connection.Host).End(Native.virStoragePoolGetXMLDesc(pool, 0))) is { } xml)
                result.Add(xml);
            pool.Dispose();
        }

        Native.virResetLastError();
        return result;
    }
}

/// <summary><c>virConnectListAllStoragePoolsFlags</c>.</summary>
internal enum PoolFilter : uint
{
    All = 0,
    Inactive = 1,
    Active = 2,
    Autostart = 16,
}
