using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The objects of one kind that a host has: libvirt lists them all alike.</summary>
internal static unsafe class ObjectListing
{
    /// <summary>One of <c>virConnectListAll…</c>.</summary>
    internal delegate int Lister(ConnectHandle connection, nint** objects, uint flags);

    /// <summary>What is read of each; one that was removed since it was listed is left out.</summary>
    /// <exception cref="Errors.LibvirtException">They cannot be listed; a driver that has no such objects says <c>NoSupport</c>.</exception>
    internal static List<T> Read<T>(Connection connection, string function, Lister list, uint flags, Func<nint, T?> read, Func<nint, int> free)
        where T : class
    {
        nint* objects = null;
        var count = NativeCall.Begin(function, connection.Host).Check(list(connection.Handle, &objects, flags));
        var result = new List<T>(count);
        for (var index = 0; index < count; index++)
        {
            if (read(objects[index]) is { } found)
                result.Add(found);
            _ = free(objects[index]);
        }

        NativeMemory.Free(objects);
        Native.virResetLastError();
        return result;
    }
}
