using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// libvirt's functions under their own names: this file the library itself, the other parts one object each. Every
/// function here is in libvirt 9.0; what newer versions added are constants.
/// </summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virInitialize();

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virGetVersion(out CULong libraryVersion, nint type, nint typeVersion);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial VirError* virGetLastError();

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial void virResetLastError();

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial void virSetErrorFunc(nint userData, delegate* unmanaged<nint, VirError*, void> handler);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virEventRegisterDefaultImpl();

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virEventRunDefaultImpl();

    /// <summary>libvirt hands out C strings that the caller frees with the C library's own <c>free</c>.</summary>
    internal static string? TakeString(byte* text)
    {
        if (text is null)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)text);
        }
        finally
        {
            NativeMemory.Free(text);
        }
    }

    internal static string? PeekString(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
