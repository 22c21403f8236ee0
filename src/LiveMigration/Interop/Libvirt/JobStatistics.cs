namespace LiveMigration.Interop.Libvirt;

/// <summary><c>virDomainJobType</c>.</summary>
internal enum JobType
{
    None,
    Bounded,
    Unbounded,
    Completed,
    Failed,
    Cancelled,
}

/// <summary><c>virDomainJobOperation</c>.</summary>
internal enum JobOperation
{
    Unknown = 0,
    MigrationIn = 4,
    MigrationOut = 5,
}

/// <summary>
/// What <c>virDomainGetJobStats</c> or the job's completion event says. Bytes, bytes per second, milliseconds; null is
/// "not said". While it runs, <see cref="Downtime"/> is what QEMU expects; afterwards it is what was measured.
/// </summary>
internal sealed record JobStatistics
{
    internal required JobType Type { get; init; }
    internal JobOperation Operation { get; init; }
    internal long? TimeElapsed { get; init; }
    internal long? Downtime { get; init; }
    internal long? SetupTime { get; init; }
    internal long? DataTotal { get; init; }
    internal long? DataProcessed { get; init; }
    internal long? DataRemaining { get; init; }
    internal long? MemoryTotal { get; init; }
    internal long? MemoryProcessed { get; init; }
    internal long? MemoryRemaining { get; init; }
    internal long? MemoryBytesPerSecond { get; init; }

    /// <summary>Pages of a single byte, which is zero where QEMU tells.</summary>
    internal long? MemoryConstant { get; init; }
    internal long? DirtyPagesPerSecond { get; init; }
    internal long? PageSize { get; init; }
    internal long? Iteration { get; init; }
    internal long? PostCopyRequests { get; init; }
    internal long? DiskTotal { get; init; }
    internal long? DiskProcessed { get; init; }
    internal long? DiskRemaining { get; init; }
    internal long? DiskBytesPerSecond { get; init; }
    internal long? Throttle { get; init; }
    internal string? Error { get; init; }

    /// <summary>Whether this is a migration, either way.</summary>
    internal bool IsMigration => Type is not JobType.None && Operation is JobOperation.MigrationIn or JobOperation.MigrationOut;

    /// <summary>Whether the job goes on.</summary>
    internal bool IsActive => Type is JobType.Bounded or JobType.Unbounded;

    internal static JobStatistics Read(JobType type, TypedParameterReader parameters) => new()
    {
        Type = type,
        Operation = (JobOperation)(parameters.Number("operation"u8) ?? 0),
        TimeElapsed = parameters.Number("time_elapsed"u8),
        Downtime = parameters.Number("downtime"u8),
        SetupTime = parameters.Number("setup_time"u8),
        DataTotal = parameters.Number("data_total"u8),
        DataProcessed = parameters.Number("data_processed"u8),
        DataRemaining = parameters.Number("data_remaining"u8),
        MemoryTotal = parameters.Number("memory_total"u8),
        MemoryProcessed = parameters.Number("memory_processed"u8),
        MemoryRemaining = parameters.Number("memory_remaining"u8),
        MemoryBytesPerSecond = parameters.Number("memory_bps"u8),
        MemoryConstant = parameters.Number("memory_constant"u8),
        DirtyPagesPerSecond = parameters.Number("memory_dirty_rate"u8),
        PageSize = parameters.Number("memory_page_size"u8),
        Iteration = parameters.Number("memory_iteration"u8),
        PostCopyRequests = parameters.Number("memory_postcopy_requests"u8),
        DiskTotal = parameters.Number("disk_total"u8),
        DiskProcessed = parameters.Number("disk_processed"u8),
        DiskRemaining = parameters.Number("disk_remaining"u8),
        DiskBytesPerSecond = parameters.Number("disk_bps"u8),
        Throttle = parameters.Number("auto_converge_throttle"u8),
        Error = parameters.Text("errmsg"u8),
    };
}
