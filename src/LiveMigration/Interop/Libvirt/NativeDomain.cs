using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>One domain through one connection. Its calls block; those who call it decide where.</summary>
internal sealed unsafe class NativeDomain(DomainHandle handle, string host) : IDisposable
{
    internal DomainHandle Handle => handle;

    /// <summary>The host's name for messages.</summary>
    internal string Host => host;

    internal static Guid UuidOf(nint domain)
    {
        Span<byte> raw = stackalloc byte[16];
        fixed (byte* bytes = raw)
            return Native.virDomainGetUUID(domain, bytes) == 0 ? new Guid(raw, bigEndian: true) : Guid.Empty;
    }

    internal static string NameOf(nint domain) => Native.PeekString(Native.virDomainGetName(domain)) ?? "";

    internal Guid GetUuid() => UuidOf(handle.DangerousGetHandle());

    internal string GetName() => NameOf(handle.DangerousGetHandle());

    internal string GetXml(XmlView view) => Call(nameof(Native.virDomainGetXMLDesc)).Check(Native.virDomainGetXMLDesc(handle, (uint)view));

    internal (int State, int Reason) GetState()
    {
        Call(nameof(Native.virDomainGetState)).Check(Native.virDomainGetState(handle, out var state, out var reason, 0));
        return (state, reason);
    }

    /// <summary>Its memory and virtual CPUs, where the host's bulk answer leaves them out.</summary>
    internal VirDomainInfo GetInfo()
    {
        Call(nameof(Native.virDomainGetInfo)).Check(Native.virDomainGetInfo(handle, out var info));
        return info;
    }

    internal bool IsPersistent() => Call(nameof(Native.virDomainIsPersistent)).Check(Native.virDomainIsPersistent(handle)) == 1;

    internal bool GetAutostart()
    {
        Call(nameof(Native.virDomainGetAutostart)).Check(Native.virDomainGetAutostart(handle, out var autostart));
        return autostart == 1;
    }

    internal void SetAutostart(bool on) => Call(nameof(Native.virDomainSetAutostart)).Check(Native.virDomainSetAutostart(handle, on ? 1 : 0));

    /// <summary>Has the guest's agent set the guest's clock by the machine's, which does not stop.</summary>
    internal void SetTimeByClock()
    {
        const uint Sync = 1;
        Call(nameof(Native.virDomainSetTime)).Check(Native.virDomainSetTime(handle, 0, 0, Sync));
    }

    /// <summary>Reads the guest's memory at a physical address; the guest goes on.</summary>
    internal unsafe void PeekMemory(ulong address, Span<byte> buffer)
    {
        const uint Physical = 2;
        fixed (byte* first = buffer)
            Call(nameof(Native.virDomainMemoryPeek)).Check(Native.virDomainMemoryPeek(handle, address, (nuint)buffer.Length, first, Physical));
    }

    internal void Suspend() => Call(nameof(Native.virDomainSuspend)).Check(Native.virDomainSuspend(handle));

    internal void Resume() => Call(nameof(Native.virDomainResume)).Check(Native.virDomainResume(handle));

    /// <summary>Statistics of the running job, or of the last one.</summary>
    internal JobStatistics GetJobStatistics(bool completed = false)
    {
        const uint Completed = 1, KeepCompleted = 2;
        VirTypedParameter* parameters = null;
        Call(nameof(Native.virDomainGetJobStats)).Check(
            Native.virDomainGetJobStats(handle, out var type, &parameters, out var count, completed ? Completed | KeepCompleted : 0));
        try
        {
            return JobStatistics.Read((JobType)type, new TypedParameterReader(parameters, count));
        }
        finally
        {
            Native.virTypedParamsFree(parameters, count);
        }
    }

    /// <summary>Starts to measure how fast the guest dirties memory; QEMU ends it after the time by itself.</summary>
    internal bool StartDirtyRate(int seconds, uint mode) =>
        Call(nameof(Native.virDomainStartDirtyRateCalc)).Check(Native.virDomainStartDirtyRateCalc(handle, seconds, mode)) == 0;

    /// <summary>The block job of a disk; null when it has none.</summary>
    internal VirDomainBlockJobInfo? GetBlockJob(string disk) =>
        Call(nameof(Native.virDomainGetBlockJobInfo)).Check(Native.virDomainGetBlockJobInfo(handle, disk, out var job, 0)) == 1 ? job : null;

    /// <summary>Sets the limit of a disk's mirror in bytes per second; 0 is unlimited.</summary>
    internal void SetBlockJobSpeed(string disk, ulong bytesPerSecond)
    {
        const uint Bytes = 1;
        Call(nameof(Native.virDomainBlockJobSetSpeed)).Check(Native.virDomainBlockJobSetSpeed(handle, disk, new CULong((nuint)bytesPerSecond), Bytes));
    }

    /// <summary>Snapshots of the domain, which the host keeps a list of.</summary>
    internal int CountSnapshots() => Call(nameof(Native.virDomainSnapshotNum)).Check(Native.virDomainSnapshotNum(handle, 0));

    /// <summary>The descriptions of these snapshots; one that is deleted meanwhile is left out.</summary>
    internal IReadOnlyList<string> GetSnapshots()
    {
        nint* snapshots = null;
        var count = Call(nameof(Native.virDomainListAllSnapshots)).Check(Native.virDomainListAllSnapshots(handle, &snapshots, 0));
        var result = new List<string>(count);
        for (var index = 0; index < count; index++)
        {
            if (Native.TakeString(Call(nameof(Native.virDomainSnapshotGetXMLDesc)).End(Native.virDomainSnapshotGetXMLDesc(snapshots[index], 0))) is { } xml)
                result.Add(xml);
            _ = Native.virDomainSnapshotFree(snapshots[index]);
        }

        NativeMemory.Free(snapshots);
        return result;
    }

    /// <summary>Checkpoints of the domain: what incremental backups build on.</summary>
    internal IReadOnlyList<string> GetCheckpoints()
    {
        nint* checkpoints = null;
        var count = Call(nameof(Native.virDomainListAllCheckpoints)).Check(Native.virDomainListAllCheckpoints(handle, &checkpoints, 0));
        var result = new string[count];
        for (var index = 0; index < count; index++)
        {
            result[index] = Native.PeekString(Native.virDomainCheckpointGetName(checkpoints[index])) ?? "";
            _ = Native.virDomainCheckpointFree(checkpoints[index]);
        }

        NativeMemory.Free(checkpoints);
        return result;
    }

    /// <summary>Whether its memory lies in a file, from which it would start.</summary>
    internal bool HasManagedSave() => Call(nameof(Native.virDomainHasManagedSaveImage)).Check(Native.virDomainHasManagedSaveImage(handle, 0)) == 1;

    /// <summary>What libvirt does not answer for (<c>VIR_DOMAIN_MESSAGE_TAINTING</c>).</summary>
    internal IReadOnlyList<string> GetTaints()
    {
        const uint Tainting = 2;
        byte** messages = null;
        var count = Call(nameof(Native.virDomainGetMessages)).Check(Native.virDomainGetMessages(handle, &messages, Tainting));
        var result = new string[count];
        for (var index = 0; index < count; index++)
            result[index] = Native.TakeString(messages[index]) ?? "";
        NativeMemory.Free(messages);
        return result;
    }

    internal void AbortJob() => Call(nameof(Native.virDomainAbortJob)).Check(Native.virDomainAbortJob(handle));

    /// <summary>Breaks a post-copy on purpose: both halves stop and wait to be joined (libvirt 8.5).</summary>
    internal void PausePostCopy()
    {
        const uint PostCopy = 1;
        Call(nameof(Native.virDomainAbortJobFlags)).Check(Native.virDomainAbortJobFlags(handle, PostCopy));
    }

    internal void StartPostCopy() => Call(nameof(Native.virDomainMigrateStartPostCopy)).Check(Native.virDomainMigrateStartPostCopy(handle, 0));

    internal void SetMaxDowntime(ulong milliseconds) =>
        Call(nameof(Native.virDomainMigrateSetMaxDowntime)).Check(Native.virDomainMigrateSetMaxDowntime(handle, milliseconds, 0));

    internal ulong GetMaxDowntime()
    {
        Call(nameof(Native.virDomainMigrateGetMaxDowntime)).Check(Native.virDomainMigrateGetMaxDowntime(handle, out var milliseconds, 0));
        return milliseconds;
    }

    /// <summary>Sets the limit of the memory stream in MiB/s, before or after a switch to post-copy.</summary>
    internal void SetMaxSpeed(ulong mebibytesPerSecond, bool postCopy = false) =>
        Call(nameof(Native.virDomainMigrateSetMaxSpeed)).Check(
            Native.virDomainMigrateSetMaxSpeed(handle, new CULong((nuint)mebibytesPerSecond), postCopy ? 1u : 0));

    /// <summary>The limit of the memory stream in MiB/s.</summary>
    internal ulong GetMaxSpeed(bool postCopy = false)
    {
        Call(nameof(Native.virDomainMigrateGetMaxSpeed)).Check(Native.virDomainMigrateGetMaxSpeed(handle, out var speed, postCopy ? 1u : 0));
        return speed.Value;
    }

    /// <summary>The source's daemon does all of it (<c>VIR_MIGRATE_PEER2PEER</c>). Returns when the migration has ended.</summary>
    internal void MigrateToUri(string destinationUri, TypedParameterList parameters, MigrateFlags flags) =>
        Call(nameof(Native.virDomainMigrateToURI3)).Check(Native.virDomainMigrateToURI3(handle, destinationUri, parameters.Pointer, parameters.Count, (uint)flags));

    /// <summary>This process steers both daemons. Returns when the migration has ended.</summary>
    internal void Migrate(Connection destination, TypedParameterList parameters, MigrateFlags flags) =>
        Call(nameof(Native.virDomainMigrate3)).Check(
            Native.virDomainMigrate3(handle, destination.Handle, parameters.Pointer, parameters.Count, (uint)flags)).Dispose();

    public void Dispose() => handle.Dispose();

    private NativeCall Call(string function) => NativeCall.Begin(function, host);
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
