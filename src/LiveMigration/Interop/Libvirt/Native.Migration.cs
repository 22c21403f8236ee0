using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial DomainHandle virDomainMigrate3(
        DomainHandle domain, ConnectHandle destination, VirTypedParameter* parameters, uint count, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainMigrateToURI3(
        DomainHandle domain, string destinationUri, VirTypedParameter* parameters, uint count, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainAbortJobFlags(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainAbortJob(DomainHandle domain);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainGetJobStats(
        DomainHandle domain, out int type, VirTypedParameter** parameters, out int count, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateStartPostCopy(DomainHandle domain, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateSetMaxDowntime(DomainHandle domain, ulong milliseconds, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateGetMaxDowntime(DomainHandle domain, out ulong milliseconds, uint flags);

    /// <param name="domain">The domain.</param>
    /// <param name="bandwidth">MiB/s, in C an <c>unsigned long</c>: 32 bits on Windows.</param>
    /// <param name="flags"><c>VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY</c> = 1.</param>
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateSetMaxSpeed(DomainHandle domain, CULong bandwidth, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateGetMaxSpeed(DomainHandle domain, out CULong bandwidth, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateSetCompressionCache(DomainHandle domain, ulong bytes, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virDomainMigrateGetCompressionCache(DomainHandle domain, out ulong bytes, uint flags);
}
