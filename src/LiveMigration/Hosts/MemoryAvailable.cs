using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>Memory that a new domain could use on a host: what is free, and the caches that give way.</summary>
internal static class MemoryAvailable
{
    internal static long? Read(Connection connection)
    {
        var statistics = NodeMemory.Read(connection);
        return statistics.TryGetValue("free", out var free)
            ? (long)(free + statistics.GetValueOrDefault("buffers") + statistics.GetValueOrDefault("cached")) * 1024
            : null;
    }
}
