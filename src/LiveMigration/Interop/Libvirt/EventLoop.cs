using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// libvirt's event loop: one per process, registered before the first connection, never stopped. Keep-alive, events
/// and the notice of a lost connection all come from it.
/// </summary>
internal static unsafe class EventLoop
{
    private static readonly Lazy<bool> Running = new(Start);

    /// <summary>Starts the loop if it does not run yet.</summary>
    internal static void Ensure() => _ = Running.Value;

    private static bool Start()
    {
        try
        {
            Native.virSetErrorFunc(0, &Silence);
        }
        catch (Exception exception) when (exception.InnerException is LiveMigrationException missing)
        {
            throw missing;
        }

        NativeCall.Begin(nameof(Native.virInitialize), null).Check(Native.virInitialize());
        NativeCall.Begin(nameof(Native.virEventRegisterDefaultImpl), null).Check(Native.virEventRegisterDefaultImpl());
        // What flows with the caller (a span, a listener) is not this thread's for ever.
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.UnsafeStart();
        return true;
    }

    private static void Run()
    {
        while (true)
        {
            // A failing poll must not become a busy loop.
            if (Native.virEventRunDefaultImpl() < 0)
                Thread.Sleep(50);
        }
    }

    /// <summary>libvirt prints every error on stderr unless told otherwise; ours are exceptions.</summary>
    [UnmanagedCallersOnly]
    private static void Silence(nint userData, VirError* error)
    {
    }
}
