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

        LibvirtError.Check(Native.virInitialize(), nameof(Native.virInitialize), null);
        LibvirtError.Check(Native.virEventRegisterDefaultImpl(), nameof(Native.virEventRegisterDefaultImpl), null);
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
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
