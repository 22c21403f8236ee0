using LiveMigration.Units;

namespace LiveMigration.Readiness;

/// <summary>The thresholds of the checks; a policy can change them.</summary>
public sealed record ReadinessThresholds
{
    /// <summary>Sensible defaults.</summary>
    public static readonly ReadinessThresholds Default = new();

    /// <summary>Memory that stays free on the destination beside the VM's.</summary>
    public ByteSize MemoryReserve { get; init; }

    /// <summary>Virtual CPUs of all running VMs per CPU of the destination.</summary>
    public double CpuOvercommit { get; init; } = 4;

    /// <summary>How busy a host's CPUs may be, in percent.</summary>
    public int CpuBusy { get; init; } = 90;

    /// <summary>The slowest link that is worth a migration, in Mbit/s.</summary>
    public int LinkSpeed { get; init; } = 1000;

    /// <summary>Migrations at once on one host.</summary>
    public int ConcurrentMigrations { get; init; } = 12;
}
