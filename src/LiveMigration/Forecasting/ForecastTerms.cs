using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>What a forecast is made for.</summary>
public sealed record ForecastTerms
{
    /// <summary>The bandwidth for this migration, in bytes per second, more than 0.</summary>
    public required Bandwidth Bandwidth { get; init; }

    /// <summary>Whether QEMU limits it (<c>-Bandwidth</c>); else the link does.</summary>
    public bool IsLimited { get; init; }

    /// <summary>The bandwidth of the link, which QEMU uses without a limit once the guest is stopped; null where it is not known.</summary>
    public Bandwidth? Link { get; init; }

    /// <summary>The downtime limit; QEMU's own is 300 ms.</summary>
    public Duration MaxDowntime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How it is brought to its end.</summary>
    public MigrationStrategy Strategy { get; init; }

    /// <summary>By when it has to end, or is switched; null for no limit.</summary>
    public Duration? Timeout { get; init; }

    /// <summary>Bytes of memory that hold anything: pages of zeros are not sent. Null for all.</summary>
    public long? MemoryInUse { get; init; }

    /// <summary>Bytes of disks that are copied before the memory.</summary>
    public long Disks { get; init; }

    /// <summary>What a migration takes besides sending: QEMU is started on the destination, and both hosts confirm.</summary>
    public Duration Overhead { get; init; }

    /// <summary>How long the devices took in earlier migrations of this VM: the downtime without what was sent in it. Null where that is not known.</summary>
    public Duration? DeviceTime { get; init; }

    /// <summary>How much more the VM changed in earlier migrations than sampling had found: the curve is multiplied by this factor.</summary>
    public double DirtyFactor { get; init; } = 1;

    /// <summary>What was learned from earlier migrations of this VM, in a sentence; null where nothing was.</summary>
    public string? Learned { get; init; }

    /// <summary>Whether the guest runs with KVM; emulated guests (TCG) are tracked otherwise.</summary>
    public bool Kvm { get; init; } = true;

    /// <summary>The source's QEMU; null where it is not known.</summary>
    public Version? Qemu { get; init; }
}
