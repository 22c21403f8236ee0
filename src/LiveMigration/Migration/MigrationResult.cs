using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>The result of a migration.</summary>
public sealed record MigrationResult
{
    private readonly ItemList<VerifiedFact> _verified = ItemList<VerifiedFact>.Empty;
    private readonly ItemList<DirtyPoint> _passes = ItemList<DirtyPoint>.Empty;
    private readonly ItemList<string> _notices = ItemList<string>.Empty;

    /// <summary>The domain's name on the source.</summary>
    public required string Name { get; init; }

    /// <summary>The domain's UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How it ended.</summary>
    public required MigrationOutcome Outcome { get; init; }

    /// <summary>Where it was.</summary>
    public required string Source { get; init; }

    /// <summary>Where it went, or should have; null when another tool started it and did not say.</summary>
    public string? Destination { get; init; }

    /// <summary>Where it is now.</summary>
    public required MigrationVerdict Verdict { get; init; }

    /// <summary>The name that it has on the destination.</summary>
    public required string FinalName { get; init; }

    /// <summary>Who controlled the migration.</summary>
    public required MigrationMode Mode { get; init; }

    /// <summary>Whether memory and disks were encrypted; null if nothing was sent, or another tool started it.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>From the start to the verdict.</summary>
    public required TimeSpan TotalTime { get; init; }

    /// <summary>The downtime as measured by QEMU; null if there was none.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>How long the hosts took to prepare, as QEMU measured it.</summary>
    public TimeSpan? SetupTime { get; init; }

    /// <summary>Bytes transferred: memory, device state and disks; null if libvirt did not report it.</summary>
    public long? Transferred { get; init; }

    /// <summary>Passes over memory; null where libvirt does not report them.</summary>
    public int? Iterations { get; init; }

    /// <summary>Bytes per second, from start to end; null if nothing was sent.</summary>
    public long? MeanRate { get; init; }

    /// <summary>The last rate at which the guest was seen to change memory, in bytes per second; null when none was measured.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>Whether the guest switched to post-copy.</summary>
    public bool PostCopy { get; init; }

    /// <summary>What was forecast before it began, from what was known then; null where the link or the VM's dirty rate was not known.</summary>
    public MigrationPrediction? Forecast { get; init; }

    /// <summary>The guest's memory in bytes, as the hypervisor counts it; null if not reported.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of pages that held zeros, which are not sent; null if not reported.</summary>
    public long? ZeroMemory { get; init; }

    /// <summary>How fast memory was sent in the fastest second, in bytes per second; null where a bandwidth limit was in force, or it was over sooner.</summary>
    public long? LinkRate { get; init; }

    /// <summary>How much auto-converge slowed the VM down at most, in percent; null where it did not.</summary>
    public int? Throttle { get; init; }

    /// <summary>How many times as much the VM changed during the passes as sampling had found before; null where it had not been sampled.</summary>
    public double? DirtyFactor { get; init; }

    /// <summary>What the VM changed during each pass over memory that was seen from beginning to end; at most 32 of them.</summary>
    public IReadOnlyList<DirtyPoint> Passes { get => _passes; init => _passes = ItemList<DirtyPoint>.Of(value); }

    /// <summary>The requested options.</summary>
    public required MigrationOptions Settings { get; init; }

    /// <summary>What was verified afterwards.</summary>
    public IReadOnlyList<VerifiedFact> Verified { get => _verified; init => _verified = ItemList<VerifiedFact>.Of(value); }

    /// <summary>Messages that were shown during the migration.</summary>
    public IReadOnlyList<string> Notices { get => _notices; init => _notices = ItemList<string>.Of(value); }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure and what to do about it; null when it did not fail.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The host where it failed.</summary>
    public string? FaultHost { get; init; }

    /// <summary>The failure as an exception; null when it did not fail.</summary>
    public LiveMigrationException? ToException() => Fault is null ? null : new LiveMigrationException(Fault, Error ?? "", FaultHost);
}
