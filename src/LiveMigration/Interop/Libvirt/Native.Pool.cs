using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The state of storage pools, and what lies in them under a path.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virStoragePoolGetXMLDesc(nint pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolIsActive(nint pool);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolGetAutostart(nint pool, out int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolSetAutostart(nint pool, int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolCreate(nint pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virStoragePoolRefresh(nint pool, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virStorageVolLookupByPath(ConnectHandle connection, string path);
}
