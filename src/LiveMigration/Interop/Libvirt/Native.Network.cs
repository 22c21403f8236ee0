using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Virtual networks, the host's interfaces and its devices.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllNetworks(ConnectHandle connection, nint** networks, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virNetworkLookupByName(ConnectHandle connection, string name);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virNetworkGetName(nint network);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virNetworkGetXMLDesc(nint network, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNetworkIsActive(nint network);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNetworkGetAutostart(nint network, out int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNetworkSetAutostart(nint network, int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNetworkCreate(nint network);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNetworkFree(nint network);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllInterfaces(ConnectHandle connection, nint** interfaces, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virInterfaceGetName(nint networkInterface);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virInterfaceFree(nint networkInterface);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllNodeDevices(ConnectHandle connection, nint** devices, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virNodeDeviceGetXMLDesc(nint device, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNodeDeviceFree(nint device);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllNWFilters(ConnectHandle connection, nint** filters, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virNWFilterGetName(nint filter);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNWFilterFree(nint filter);
}
