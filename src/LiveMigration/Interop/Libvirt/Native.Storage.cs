using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllStoragePools(ConnectHandle connection, nint** pools, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StoragePoolHandle virStoragePoolLookupByName(ConnectHandle connection, string name);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StoragePoolHandle virStoragePoolDefineXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StoragePoolHandle virStoragePoolCreateXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virStoragePoolGetXMLDesc(StoragePoolHandle pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolIsActive(StoragePoolHandle pool);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolRefresh(StoragePoolHandle pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolBuild(StoragePoolHandle pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolCreate(StoragePoolHandle pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolSetAutostart(StoragePoolHandle pool, int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolDestroy(StoragePoolHandle pool);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolUndefine(StoragePoolHandle pool);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static unsafe partial byte* virStoragePoolGetName(nint pool);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolFree(nint pool);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StorageVolumeHandle virStorageVolLookupByName(StoragePoolHandle pool, string name);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StorageVolumeHandle virStorageVolCreateXML(StoragePoolHandle pool, string xml, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial StorageVolumeHandle virStorageVolCreateXMLFrom(StoragePoolHandle pool, string xml, StorageVolumeHandle from, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolListAllVolumes(StoragePoolHandle pool, nint** volumes, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virStorageVolGetXMLDesc(StorageVolumeHandle volume, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStorageVolDelete(StorageVolumeHandle volume, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStorageVolFree(nint volume);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStorageVolDownload(StorageVolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial StreamHandle virStreamNew(ConnectHandle connection, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStreamRecv(StreamHandle stream, byte* data, nuint size);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStreamFinish(StreamHandle stream);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStreamAbort(StreamHandle stream);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStreamFree(nint stream);
}
