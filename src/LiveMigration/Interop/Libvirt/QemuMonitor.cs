using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// The monitor of a domain's QEMU that libvirt holds and lets us use. The first command taints the domain
/// (<c>custom-monitor</c>): libvirt no longer answers for what the domain does, and says so in its log. Listening does not.
/// Calls block; those who call decide where.
/// </summary>
internal sealed unsafe class QemuMonitor : IDisposable
{
    private readonly Connection _connection;
    private readonly NativeDomain _domain;
    private readonly Action<QemuEvent> _hear;

    private QemuMonitor(Connection connection, NativeDomain domain, Action<QemuEvent> hear)
    {
        _connection = connection;
        _domain = domain;
        _hear = hear;
    }

    /// <summary>Opens a domain's monitor.</summary>
    /// <param name="connection">The connection; QEMU's events come until it is closed.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="hear">Called with each event on the event loop's thread, where nothing may block or throw.</param>
    internal static QemuMonitor Open(Connection connection, Guid domain, Action<QemuEvent> hear)
    {
        var monitor = new QemuMonitor(connection, connection.LookupByUuid(domain), hear);
        try
        {
            monitor.Register();
            return monitor;
        }
        catch
        {
            monitor._domain.Dispose();
            throw;
        }
    }

    /// <summary>Does a command of QMP, an object of JSON without <c>id</c>, and gives QEMU's answer, error or not.</summary>
    internal string Execute(string command)
    {
        byte* answer = null;
        NativeCall.Begin(nameof(Native.virDomainQemuMonitorCommand), _connection.Host).Check(
            Native.virDomainQemuMonitorCommand(_domain.Handle, command, &answer, 0));
        return Native.TakeString(answer) ?? "";
    }

    internal bool IsRunning()
    {
        var running = NativeCall.Begin(nameof(Native.virDomainIsActive), _connection.Host).Check(Native.virDomainIsActive(_domain.Handle));
        return running == 1;
    }

    public void Dispose() => _domain.Dispose();

    private void Register()
    {
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        var id = NativeCall.Begin(nameof(Native.virConnectDomainQemuMonitorEventRegister), _connection.Host).End(
            Native.virConnectDomainQemuMonitorEventRegister(_connection.Handle, _domain.Handle, null, &OnEvent, self, &NativeCallback.Free, 0));
        if (id < 0)
        {
            GCHandle.FromIntPtr(self).Free();
            throw LibvirtError.Last(nameof(Native.virConnectDomainQemuMonitorEventRegister), _connection.Host);
        }

        _connection.Handle.OwnMonitorEvent(id);
    }

    [UnmanagedCallersOnly]
    private static void OnEvent(nint connection, nint domain, byte* name, long seconds, uint microseconds, byte* details, nint self) =>
        ((QemuMonitor)GCHandle.FromIntPtr(self).Target!)._hear(
            new QemuEvent(Native.PeekString(name) ?? "", seconds, microseconds, Native.PeekString(details)));
}

/// <summary>An event of QEMU as libvirt passes it on; the time is QEMU's, -1 when unknown; the details are JSON.</summary>
internal sealed record QemuEvent(string Name, long Seconds, uint Microseconds, string? Details);
