using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DomainHandle virDomainLookupByName(ConnectHandle connection, string name);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DomainHandle virDomainLookupByUUIDString(ConnectHandle connection, string uuid);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainFree(nint domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virDomainGetName(nint domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial uint virDomainGetID(nint domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetUUID(nint domain, byte* uuid);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virDomainGetXMLDesc(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetInfo(DomainHandle domain, out VirDomainInfo info);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainIsActive(DomainHandle domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainIsPersistent(DomainHandle domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetAutostart(DomainHandle domain, out int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainSetAutostart(DomainHandle domain, int autostart);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static unsafe partial int virDomainMemoryPeek(DomainHandle domain, ulong start, nuint size, byte* buffer, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainSetTime(DomainHandle domain, long seconds, uint nseconds, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainSuspend(DomainHandle domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainResume(DomainHandle domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainDestroyFlags(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainPinEmulator(DomainHandle domain, byte* cpuMap, int mapLength, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetEmulatorPinInfo(DomainHandle domain, byte* cpuMap, int mapLength, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainStartDirtyRateCalc(DomainHandle domain, int seconds, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainListGetStats(nint* domains, uint stats, VirDomainStatsRecord*** records, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainGetBlockJobInfo(DomainHandle domain, string disk, out VirDomainBlockJobInfo info, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainBlockJobSetSpeed(DomainHandle domain, string disk, CULong bandwidth, uint flags);
}
