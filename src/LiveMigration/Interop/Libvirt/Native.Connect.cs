using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpenAuth(string name, VirConnectAuth* auth, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectClose(nint connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectRef(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectSetKeepAlive(ConnectHandle connection, int interval, uint count);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectIsAlive(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectIsSecure(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virConnectGetURI(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virConnectGetHostname(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virConnectGetType(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectGetVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectGetLibVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virConnectGetCapabilities(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNodeGetInfo(ConnectHandle connection, out VirNodeInfo info);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial ulong virNodeGetFreeMemory(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNodeGetMemoryStats(ConnectHandle connection, int cell, VirNodeMemoryStats* values, int* count, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllDomains(ConnectHandle connection, nint** domains, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectNumOfDomains(ConnectHandle connection);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectGetAllDomainStats(
        ConnectHandle connection, uint stats, VirDomainStatsRecord*** records, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial void virDomainStatsRecordListFree(VirDomainStatsRecord** records);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectRegisterCloseCallback(
        ConnectHandle connection, delegate* unmanaged<nint, int, nint, void> callback, nint opaque, delegate* unmanaged<nint, void> free);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectUnregisterCloseCallback(
        nint connection, delegate* unmanaged<nint, int, nint, void> callback);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectDomainEventRegisterAny(
        ConnectHandle connection, nint domain, int eventId, void* callback, nint opaque, delegate* unmanaged<nint, void> free);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectDomainEventDeregisterAny(nint connection, int callbackId);
}
