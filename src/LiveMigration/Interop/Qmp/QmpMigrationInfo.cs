namespace LiveMigration.Interop.Qmp;

/// <summary><c>MigrationInfo</c>, what <c>query-migrate</c> answers; null is what this QEMU, or this moment, has not.</summary>
internal sealed record QmpMigrationInfo
{
    /// <summary><c>MigrationStatus</c>: <c>setup</c>, <c>active</c>, <c>postcopy-active</c>, <c>completed</c>, …; null when there has been none.</summary>
    public string? Status { get; init; }

    public QmpMigrationRam? Ram { get; init; }

    /// <summary>Milliseconds since it began.</summary>
    public long? TotalTime { get; init; }

    /// <summary>Milliseconds that the guest was paused, as measured; known when it is complete.</summary>
    public long? Downtime { get; init; }

    /// <summary>Milliseconds that the guest would be paused if it were stopped now.</summary>
    public long? ExpectedDowntime { get; init; }

    /// <summary>Milliseconds before the first byte was sent.</summary>
    public long? SetupTime { get; init; }

    /// <summary>By how much the guest is slowed down, in percent.</summary>
    public long? CpuThrottlePercentage { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorDesc { get; init; }

    /// <summary>Where the destination listens (4.0).</summary>
    public QmpSocketAddress[]? SocketAddress { get; init; }

    /// <summary>What blocks a migration, in QEMU's words (6.0).</summary>
    public string[]? BlockedReasons { get; init; }
}

/// <summary><c>MigrationStats</c>. Sizes are bytes.</summary>
internal sealed record QmpMigrationRam
{
    public long? Transferred { get; init; }

    public long? Remaining { get; init; }

    public long? Total { get; init; }

    /// <summary>Pages of zeros that were found.</summary>
    public long? Duplicate { get; init; }

    /// <summary>Pages per second.</summary>
    public long? DirtyPagesRate { get; init; }

    /// <summary>Megabits per second.</summary>
    public double? Mbps { get; init; }

    /// <summary>Passes over memory.</summary>
    public long? DirtySyncCount { get; init; }

    public long? PageSize { get; init; }
}

/// <summary><c>SocketAddress</c>: of an <c>inet</c> its host and port, of a <c>unix</c> its path.</summary>
internal sealed record QmpSocketAddress(string? Type, string? Host, string? Port, string? Path);
