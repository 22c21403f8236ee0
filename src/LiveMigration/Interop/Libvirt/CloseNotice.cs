using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary><c>virConnectCloseReason</c>.</summary>
internal enum CloseReason
{
    Error,
    EndOfFile,
    KeepAlive,
    Client,
}

/// <summary>Turns libvirt's close callback into a task.</summary>
internal sealed unsafe class CloseNotice
{
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<CloseReason> Task => _closed.Task;

    internal static CloseNotice Register(ConnectHandle connection)
    {
        var notice = new CloseNotice();
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(notice));
        if (Native.virConnectRegisterCloseCallback(connection, &OnClose, self, &NativeCallback.Free) == 0)
            connection.Own(&OnClose);
        else
            GCHandle.FromIntPtr(self).Free(); // A driver inside this process has no connection to lose.
        Native.virResetLastError();
        return notice;
    }

    [UnmanagedCallersOnly]
    private static void OnClose(nint connection, int reason, nint self)
    {
        if ((CloseReason)reason is not CloseReason.Client)
            ((CloseNotice)GCHandle.FromIntPtr(self).Target!)._closed.TrySetResult((CloseReason)reason);
    }
}
