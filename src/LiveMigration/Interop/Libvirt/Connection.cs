using System.Net;
using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>One open connection to a daemon. Its calls block; those who call it decide where.</summary>
internal sealed unsafe class Connection : IDisposable
{
    private readonly ConnectHandle _handle;
    private readonly CloseNotice _closed;

    private Connection(ConnectHandle handle, string host, CloseNotice closed)
    {
        _handle = handle;
        Host = host;
        _closed = closed;
    }

    /// <summary>The host's name for messages.</summary>
    internal string Host { get; }

    internal ConnectHandle Handle => _handle;

    /// <summary>Whose listeners hear of its events.</summary>
    internal DomainEvents Events { get; private set; } = new();

    /// <summary>Ends when the connection is lost, never when it is closed by us.</summary>
    internal Task<CloseReason> Lost => _closed.Task;

    /// <summary>Whether a peer that is gone is noticed.</summary>
    internal bool HasKeepAlive { get; private set; }

    internal bool IsAlive => !_handle.IsClosed && !Lost.IsCompleted && Native.virConnectIsAlive(_handle) == 1;

    /// <summary>Opens a connection and waits for it.</summary>
    /// <param name="uri">libvirt's URI.</param>
    /// <param name="host">The host's name for messages.</param>
    /// <param name="credential">What to answer when the daemon asks who we are.</param>
    /// <param name="keepAlive">How a dead peer is noticed.</param>
    internal static Connection Open(string uri, string host, NetworkCredential? credential, KeepAlive keepAlive)
    {
        EventLoop.Ensure();
        var handle = NativeCall.Begin(nameof(Native.virConnectOpenAuth), host).Check(Credential.Open(uri, credential, flags: 0));
        try
        {
            var connection = new Connection(handle, host, CloseNotice.Register(handle));
            // 1: the daemon is too old for keep-alive; -1: a driver inside this process. Neither needs one.
            connection.HasKeepAlive = NativeCall.Begin(nameof(Native.virConnectSetKeepAlive), host)
                .End(Native.virConnectSetKeepAlive(handle, (int)keepAlive.Interval.TotalSeconds, keepAlive.Count)) == 0;
            Native.virResetLastError();
            return connection;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Starts the flow of events to listeners that may have been there before the connection, and may outlive it.</summary>
    internal void RegisterEvents(DomainEvents events)
    {
        Events = events;
        events.Register(_handle, Host);
    }

    internal string GetUri() => Call(nameof(Native.virConnectGetURI)).Check(Native.virConnectGetURI(_handle));

    internal string GetHostname() => Call(nameof(Native.virConnectGetHostname)).Check(Native.virConnectGetHostname(_handle));

    internal string GetCapabilities() => Call(nameof(Native.virConnectGetCapabilities)).Check(Native.virConnectGetCapabilities(_handle));

    /// <summary>Whether nobody on the way can listen: encrypted, or a local socket.</summary>
    internal bool IsSecure() => Call(nameof(Native.virConnectIsSecure)).End(Native.virConnectIsSecure(_handle)) == 1;

    /// <summary>The hypervisor driver's name, for example <c>QEMU</c>; libvirt keeps this string.</summary>
    internal string GetDriver() => Native.PeekString(Call(nameof(Native.virConnectGetType)).End(Native.virConnectGetType(_handle))) ?? "unknown";

    internal Version GetHypervisorVersion()
    {
        NativeCall.Begin(nameof(Native.virConnectGetVersion), Host).Check(Native.virConnectGetVersion(_handle, out var version));
        return Unpack(version);
    }

    internal Version GetLibvirtVersion()
    {
        NativeCall.Begin(nameof(Native.virConnectGetLibVersion), Host).Check(Native.virConnectGetLibVersion(_handle, out var version));
        return Unpack(version);
    }

    internal VirNodeInfo GetNodeInfo()
    {
        NativeCall.Begin(nameof(Native.virNodeGetInfo), Host).Check(Native.virNodeGetInfo(_handle, out var info));
        return info;
    }

    /// <summary>Free memory in bytes; null where the driver does not tell.</summary>
    internal long? GetFreeMemory()
    {
        var free = Call(nameof(Native.virNodeGetFreeMemory)).End(Native.virNodeGetFreeMemory(_handle));
        Native.virResetLastError();
        return free == 0 ? null : (long)free;
    }

    internal NativeDomain LookupByUuid(Guid uuid) => new(
        NativeCall.Begin(nameof(Native.virDomainLookupByUUIDString), Host).Check(Native.virDomainLookupByUUIDString(_handle, uuid.ToString())),
        Host);

    internal NativeDomain LookupByName(string name) => new(
        NativeCall.Begin(nameof(Native.virDomainLookupByName), Host).Check(Native.virDomainLookupByName(_handle, name)),
        Host);

    public void Dispose() => _handle.Dispose();

    private NativeCall Call(string function) => NativeCall.Begin(function, Host);

    /// <summary>libvirt packs a version as major × 1,000,000 + minor × 1,000 + release.</summary>
    private static Version Unpack(CULong version) =>
        new((int)(version.Value / 1_000_000), (int)(version.Value / 1_000 % 1_000), (int)(version.Value % 1_000));
}
