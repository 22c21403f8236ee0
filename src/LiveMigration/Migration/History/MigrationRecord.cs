namespace LiveMigration.Migration.History;

/// <summary>A migration that has ended, as it was written down.</summary>
public sealed record MigrationRecord
{
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
