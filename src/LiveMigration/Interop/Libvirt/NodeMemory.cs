using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Memory statistics of a host.</summary>
internal static unsafe class NodeMemory
{
    /// <summary>KiB by name (<c>total</c>, <c>free</c>, <c>buffers</c>, <c>cached</c>); empty where the driver does not tell.</summary>
    internal static Dictionary<string, ulong> Read(Connection connection)
    {
        const int AllCells = -1;
        var count = 0;
        if (NativeCall.Begin(nameof(Native.virNodeGetMemoryStats), connection.Host).End(Native.virNodeGetMemoryStats(connection.Handle, AllCells, null, &count, 0)) < 0 || count == 0)
        {
            Native.virResetLastError();
            return [];
        }

        var values = stackalloc VirNodeMemoryStats[count];
        NativeCall.Begin(nameof(Native.virNodeGetMemoryStats), connection.Host).Check(Native.virNodeGetMemoryStats(connection.Handle, AllCells, values, &count, 0));
        var result = new Dictionary<string, ulong>(count);
        for (var index = 0; index < count; index++)
            result[Marshal.PtrToStringUTF8((nint)values[index].Field) ?? ""] = values[index].Value;
        return result;
    }
}
