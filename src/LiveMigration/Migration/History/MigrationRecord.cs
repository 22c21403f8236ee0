using LiveMigration.Forecasting;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration.History;

/// <summary>A migration that has ended, as it was written down.</summary>
public sealed record MigrationRecord
{
    private readonly ItemList<DirtyPoint> _passes = ItemList<DirtyPoint>.Empty;

    /// <summary>The VM's name on the source.</summary>
    public required string Name { get; init; }

    /// <summary>The VM's UUID; all zero where it has none.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How it ended.</summary>
    public required MigrationOutcome Outcome { get; init; }

    /// <summary>Where the VM was when it had ended.</summary>
    public required MigrationVerdict Verdict { get; init; }

    /// <summary>The host where the VM was.</summary>
    public required string Source { get; init; }

    /// <summary>The host where it went, or should have; null when another tool started the migration and did not say.</summary>
    public string? Destination { get; init; }

    /// <summary>The VM's name on the destination.</summary>
    public required string FinalName { get; init; }

    /// <summary>Who controlled the migration; null where an earlier version wrote this down.</summary>
    public MigrationMode? Mode { get; init; }

    /// <summary>When it started, or when it was first seen.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>From the start until it was known where the VM is.</summary>
    public required TimeSpan TotalTime { get; init; }

    /// <summary>The downtime as measured by QEMU; null if there was none.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes transferred: memory, device state and disks; null if not reported.</summary>
    public long? Transferred { get; init; }

    /// <summary>Passes over memory; null if not reported.</summary>
    public int? Iterations { get; init; }

    /// <summary>Whether the VM was switched to post-copy.</summary>
    public bool PostCopy { get; init; }

    /// <summary>Whether memory and disks were encrypted; null if nothing was sent, or if it is not known.</summary>
    public bool? Encrypted { get; init; }

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

    /// <summary>The user whose process carried it out or watched it, and the machine of that process: <c>root@admin1</c>.</summary>
    public required string User { get; init; }

    /// <summary>Whether the process that wrote it down had not started it: another tool, or an earlier PowerShell, had.</summary>
    public bool IsForeign { get; init; }

    /// <summary>The id of the error; null when it did not fail.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>For example <c>web1: a → b, Completed</c>.</summary>
    public override string ToString() => $"{Name}: {Source} → {Destination ?? "?"}, {Outcome}";
}
