using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>What a registered callback holds on to is let go when libvirt says that it will not call again.</summary>
internal static class NativeCallback
{
    [UnmanagedCallersOnly]
    internal static void Free(nint opaque) => GCHandle.FromIntPtr(opaque).Free();
}
