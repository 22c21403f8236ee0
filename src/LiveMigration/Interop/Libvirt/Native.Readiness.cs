using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>What is asked before a migration, of hosts and domains.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* virConnectGetDomainCapabilities(
        ConnectHandle connection, string? emulator, string? arch, string? machine, string? virtType, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virConnectCompareHypervisorCPU(
        ConnectHandle connection, string? emulator, string? arch, string? machine, string? virtType, string cpu, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNodeGetFreePages(
        ConnectHandle connection, uint sizeCount, uint* sizes, int startCell, uint cellCount, ulong* counts, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virNodeGetCPUStats(ConnectHandle connection, int cpu, VirNodeCpuStats* stats, ref int count, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainSnapshotNum(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainListAllSnapshots(DomainHandle domain, nint** snapshots, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virDomainSnapshotGetXMLDesc(nint snapshot, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainSnapshotFree(nint snapshot);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainListAllCheckpoints(DomainHandle domain, nint** checkpoints, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virDomainCheckpointGetName(nint checkpoint);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainCheckpointFree(nint checkpoint);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainHasManagedSaveImage(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetMessages(DomainHandle domain, byte*** messages, uint flags);
}
