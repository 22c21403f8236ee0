using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddInt(ref VirTypedParameter* parameters, ref int count, ref int capacity, string name, int value);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddULLong(ref VirTypedParameter* parameters, ref int count, ref int capacity, string name, ulong value);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddString(ref VirTypedParameter* parameters, ref int count, ref int capacity, string name, string value);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial void virTypedParamsFree(VirTypedParameter* parameters, int count);
}
