using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>What only QEMU's driver has: a library of its own, <c>libvirt-qemu</c>.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.QemuName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainQemuMonitorCommand(DomainHandle domain, string command, byte** result, uint flags);

    [LibraryImport(LibvirtLibrary.QemuName)]
    internal static partial int virConnectDomainQemuMonitorEventRegister(
        ConnectHandle connection,
        DomainHandle domain,
        byte* eventName,
        delegate* unmanaged<nint, nint, byte*, long, uint, byte*, nint, void> callback,
        nint opaque,
        delegate* unmanaged<nint, void> free,
        uint flags);

    [LibraryImport(LibvirtLibrary.QemuName)]
    internal static partial int virConnectDomainQemuMonitorEventDeregister(nint connection, int callbackId);
}
