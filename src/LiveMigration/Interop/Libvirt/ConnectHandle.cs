namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// <c>virConnectPtr</c> with the callbacks registered on it: each of them holds the connection open, so they are taken
/// back first. Both talk to the daemon and may take as long as the daemon likes, so neither is ever done on the
/// finalizer's thread or the caller's.
/// </summary>
internal sealed unsafe class ConnectHandle : LibvirtHandle
{
    private readonly List<int> _events = [];
    private readonly List<int> _monitorEvents = [];
    private delegate* unmanaged<nint, int, nint, void> _onClose;

    internal void Own(int eventCallback) => _events.Add(eventCallback);

    internal void OwnMonitorEvent(int callback) => _monitorEvents.Add(callback);

    internal void Own(delegate* unmanaged<nint, int, nint, void> closeCallback) => _onClose = closeCallback;

    protected override bool ReleaseHandle()
    {
        var connection = handle;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                foreach (var id in _events)
                    _ = Native.virConnectDomainEventDeregisterAny(connection, id);
                foreach (var id in _monitorEvents)
                    _ = Native.virConnectDomainQemuMonitorEventDeregister(connection, id);
                if (_onClose is not null)
                    _ = Native.virConnectUnregisterCloseCallback(connection, _onClose);
                _ = Native.virConnectClose(connection);
            },
            null);
        return true;
    }
}
