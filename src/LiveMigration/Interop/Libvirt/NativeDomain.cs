using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>One domain through one connection. Its calls block; those who call it decide where.</summary>
internal sealed unsafe class NativeDomain(DomainHandle handle, string host) : IDisposable
{
    internal DomainHandle Handle => handle;

    internal static Guid UuidOf(nint domain)
    {
        Span<byte> raw = stackalloc byte[16];
        fixed (byte* bytes = raw)
            return Native.virDomainGetUUID(domain, bytes) == 0 ? new Guid(raw, bigEndian: true) : Guid.Empty;
    }

    internal static string NameOf(nint domain) => Native.PeekString(Native.virDomainGetName(domain)) ?? "";

    internal string GetXml(XmlView view) => LibvirtError.Check(Native.virDomainGetXMLDesc(handle, (uint)view), nameof(Native.virDomainGetXMLDesc), host);

    internal (int State, int Reason) GetState()
    {
        Check(Native.virDomainGetState(handle, out var state, out var reason, 0), nameof(Native.virDomainGetState));
        return (state, reason);
    }

    internal bool IsPersistent() => Check(Native.virDomainIsPersistent(handle), nameof(Native.virDomainIsPersistent)) == 1;

    internal bool GetAutostart()
    {
        Check(Native.virDomainGetAutostart(handle, out var autostart), nameof(Native.virDomainGetAutostart));
        return autostart == 1;
    }

    internal void SetAutostart(bool on) => Check(Native.virDomainSetAutostart(handle, on ? 1 : 0), nameof(Native.virDomainSetAutostart));

    internal void Suspend() => Check(Native.virDomainSuspend(handle), nameof(Native.virDomainSuspend));

    internal void Resume() => Check(Native.virDomainResume(handle), nameof(Native.virDomainResume));

    /// <summary>Statistics of the running job, or of the last one.</summary>
    internal JobStatistics GetJobStatistics(bool completed = false)
    {
        const uint Completed = 1, KeepCompleted = 2;
        VirTypedParameter* parameters = null;
        Check(
            Native.virDomainGetJobStats(handle, out var type, &parameters, out var count, completed ? Completed | KeepCompleted : 0),
            nameof(Native.virDomainGetJobStats));
        try
        {
            return JobStatistics.Read((JobType)type, new TypedParameterReader(parameters, count));
        }
        finally
        {
            Native.virTypedParamsFree(parameters, count);
        }
    }

    internal void AbortJob() => Check(Native.virDomainAbortJob(handle), nameof(Native.virDomainAbortJob));

    internal void StartPostCopy() => Check(Native.virDomainMigrateStartPostCopy(handle, 0), nameof(Native.virDomainMigrateStartPostCopy));

    internal void SetMaxDowntime(ulong milliseconds) =>
        Check(Native.virDomainMigrateSetMaxDowntime(handle, milliseconds, 0), nameof(Native.virDomainMigrateSetMaxDowntime));

    internal ulong GetMaxDowntime()
    {
        Check(Native.virDomainMigrateGetMaxDowntime(handle, out var milliseconds, 0), nameof(Native.virDomainMigrateGetMaxDowntime));
        return milliseconds;
    }

    /// <summary>Sets the limit of the memory stream in MiB/s.</summary>
    internal void SetMaxSpeed(ulong mebibytesPerSecond) =>
        Check(Native.virDomainMigrateSetMaxSpeed(handle, new CULong((nuint)mebibytesPerSecond), 0), nameof(Native.virDomainMigrateSetMaxSpeed));

    /// <summary>The source's daemon does all of it (<c>VIR_MIGRATE_PEER2PEER</c>). Returns when the migration has ended.</summary>
    internal void MigrateToUri(string destinationUri, TypedParameterList parameters, MigrateFlags flags) =>
        Check(
            Native.virDomainMigrateToURI3(handle, destinationUri, parameters.Pointer, parameters.Count, (uint)flags),
            nameof(Native.virDomainMigrateToURI3));

    /// <summary>This process steers both daemons. Returns when the migration has ended.</summary>
    internal void Migrate(Connection destination, TypedParameterList parameters, MigrateFlags flags) =>
        LibvirtError.Check(
            Native.virDomainMigrate3(handle, destination.Handle, parameters.Pointer, parameters.Count, (uint)flags),
            nameof(Native.virDomainMigrate3), host).Dispose();

    public void Dispose() => handle.Dispose();

    private int Check(int result, string function) => LibvirtError.Check(result, function, host);
}

/// <summary><c>virDomainXMLFlags</c>.</summary>
[Flags]
internal enum XmlView : uint
{
    Live = 0,
    Secure = 1,
    Inactive = 2,
    Migratable = 8,
}
