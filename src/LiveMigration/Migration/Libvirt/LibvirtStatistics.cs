using LiveMigration.Hypervisors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Migration.Libvirt;

/// <summary>libvirt's job statistics in the terms of a migration.</summary>
internal static class LibvirtStatistics
{
    private const long UsualPage = 4096;

    internal static MigrationStatistics Of(JobStatistics job) => new()
    {
        Elapsed = Milliseconds(job.TimeElapsed),
        // One field of libvirt's is what QEMU expects while it runs, and what was measured afterwards.
        Downtime = job.IsActive ? null : Milliseconds(job.Downtime),
        ExpectedDowntime = job.IsActive ? Milliseconds(job.Downtime) : null,
        SetupTime = Milliseconds(job.SetupTime),
        Total = job.DataTotal,
        Transferred = job.DataProcessed,
        Remaining = job.DataRemaining,
        MemoryTotal = job.MemoryTotal,
        MemoryTransferred = job.MemoryProcessed,
        MemoryRemaining = job.MemoryRemaining,
        MemoryRate = job.MemoryBytesPerSecond,
        ZeroMemory = job.MemoryConstant * (job.PageSize ?? UsualPage),
        DirtyRate = job.DirtyPagesPerSecond * (job.PageSize ?? UsualPage),
        Iteration = job.Iteration,
        DiskTotal = job.DiskTotal,
        DiskTransferred = job.DiskProcessed,
        Throttle = (int?)job.Throttle,
    };

    private static TimeSpan? Milliseconds(long? value) => value is { } known ? TimeSpan.FromMilliseconds(known) : null;
}
