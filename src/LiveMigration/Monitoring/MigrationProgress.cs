namespace LiveMigration.Monitoring;

/// <summary>A migration at one moment.</summary>
public sealed record MigrationProgress
{
    /// <summary>Its progress.</summary>
    public required MigrationPhase Phase { get; init; }

    /// <summary>0 to 100; 0 while nothing is known, never runs back, and 100 only when all is done.</summary>
    public required int Percent { get; init; }

    /// <summary>Which pass over memory this is, from 1; null before the first, or where QEMU does not count them.</summary>
    public int? Iteration { get; init; }

    /// <summary>Bytes sent; null while libvirt reports none.</summary>
    public long? Transferred { get; init; }

    /// <summary>Bytes that still differ; null while libvirt reports none.</summary>
    public long? Remaining { get; init; }

    /// <summary>Bytes that the domain has; null while libvirt reports none.</summary>
    public long? Total { get; init; }

    /// <summary>Rate of sending in bytes per second, as QEMU measures it; null until it has.</summary>
    public long? Rate { get; init; }

    /// <summary>Rate at which the guest changes memory, in bytes per second; null until QEMU has measured one.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>The time elapsed.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The time left; null when the guest changes memory as fast as it is sent, or nothing is known yet.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The downtime that QEMU expects if the guest were paused now.</summary>
    public TimeSpan? ExpectedDowntime { get; init; }

    /// <summary>How much the guest is slowed down (auto-converge), in percent.</summary>
    public int? Throttle { get; init; }
}
