using LiveMigration.Hypervisors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>QEMU's counters in the terms of a migration.</summary>
internal static class QemuStatistics
{
    private const long UsualPage = 4096;

    private const double BytesPerMegabit = 1e6 / 8;

    internal static MigrationStatistics Of(QmpMigrationInfo info) => new()
    {
        Elapsed = Milliseconds(info.TotalTime),
        Downtime = Milliseconds(info.Downtime),
        ExpectedDowntime = Milliseconds(info.ExpectedDowntime),
        SetupTime = Milliseconds(info.SetupTime),
        Total = info.Ram?.Total,
        Transferred = info.Ram?.Transferred,
        Remaining = info.Ram?.Remaining,
        MemoryTotal = info.Ram?.Total,
        MemoryTransferred = info.Ram?.Transferred,
        MemoryRemaining = info.Ram?.Remaining,
        MemoryRate = info.Ram?.Mbps is { } rate ? (long)(rate * BytesPerMegabit) : null,
        ZeroMemory = info.Ram?.Duplicate * (info.Ram?.PageSize ?? UsualPage),
        DirtyRate = info.Ram?.DirtyPagesRate * (info.Ram?.PageSize ?? UsualPage),
        Iteration = info.Ram?.DirtySyncCount,
        Throttle = (int?)info.CpuThrottlePercentage,
    };

    /// <summary>The same with disks that are copied along.</summary>
    internal static MigrationStatistics WithDisks(MigrationStatistics memory, long done, long total) => memory with
    {
        DiskTotal = total,
        DiskTransferred = done,
        Total = (memory.MemoryTotal ?? 0) + total,
        Transferred = (memory.MemoryTransferred ?? 0) + done,
        Remaining = (memory.MemoryRemaining ?? 0) + total - done,
    };

    private static TimeSpan? Milliseconds(long? value) => value is { } known ? TimeSpan.FromMilliseconds(known) : null;
}
