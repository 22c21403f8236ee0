using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>What became of a migration.</summary>
public sealed record MigrationResult
{
    private readonly ItemList<VerifiedFact> _verified = ItemList<VerifiedFact>.Empty;
    private readonly ItemList<string> _notices = ItemList<string>.Empty;

    /// <summary>The domain's name at the source.</summary>
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

    /// <summary>The name that it has at the destination.</summary>
    public required string FinalName { get; init; }

    /// <summary>Who steered.</summary>
    public required MigrationMode Mode { get; init; }

    /// <summary>Whether memory and disks travelled encrypted; null when none did, or another tool started it.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>From the start to the verdict.</summary>
    public required TimeSpan TotalTime { get; init; }

    /// <summary>How long the guest stood still, as QEMU measured it; null when it did not.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>How long the hosts took to prepare, as QEMU measured it.</summary>
    public TimeSpan? SetupTime { get; init; }

    /// <summary>Bytes that travelled: memory, device state and disks; null when libvirt did not tell.</summary>
    public long? Transferred { get; init; }

    /// <summary>Passes over memory; null where libvirt does not report them.</summary>
    public int? Iterations { get; init; }

    /// <summary>Bytes per second, from begin to end; null when nothing travelled.</summary>
    public long? MeanRate { get; init; }

    /// <summary>The last rate at which the guest was seen to change memory, in bytes per second; null when none was measured.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>Whether the guest switched to post-copy.</summary>
    public bool PostCopy { get; init; }

    /// <summary>What was asked for.</summary>
    public required MigrationOptions Settings { get; init; }

    /// <summary>What was looked at afterwards.</summary>
    public IReadOnlyList<VerifiedFact> Verified { get => _verified; init => _verified = ItemList<VerifiedFact>.Of(value); }

    /// <summary>What the user was told on the way.</summary>
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
