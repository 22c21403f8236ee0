using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>What one check found about one thing.</summary>
public sealed record ReadinessFinding
{
    /// <summary>The check's stable id, for example <c>LM046</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The check's name, for example <c>CacheModeSafe</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>What the check requires.</summary>
    public required string Title { get; init; }

    /// <summary>What it is about.</summary>
    public required CheckCategory Category { get; init; }

    /// <summary>How serious it is if the check fails.</summary>
    public required CheckSeverity Severity { get; init; }

    /// <summary>The result.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>The disk, network or host concerned; null for the VM as a whole.</summary>
    public string? Subject { get; init; }

    /// <summary>What was compared, or why it could not be.</summary>
    public required string Evidence { get; init; }

    /// <summary>A command that fixes it; null if there is none.</summary>
    public string? Fix { get; init; }

    /// <summary>Where to read more.</summary>
    public string? Link { get; init; }

    /// <summary>The reason of the waiver; null if it is not waived.</summary>
    public string? WaivedBecause { get; init; }

    /// <summary>
    /// Whether the VM is not ready because of this: a fail, or a blocker that could not be evaluated because a host did not answer.
    /// What a host can never report over this kind of connection is Unknown as well, and does not block.
    /// </summary>
    public required bool Blocks { get; init; }

    internal Repair? Repair { get; init; }

    internal Fault Fault { get; init; } = Faults.NotReady;

    /// <summary>What <c>Repair-MigrationReadiness</c> would do about it; null if it cannot fix it.</summary>
    public string? RepairAction => Repair?.ToString();

    /// <summary>For example <c>LM046 Fail: …</c>.</summary>
    public override string ToString() => $"{Id} {Status}: {(Subject is null ? "" : Subject + ": ")}{Evidence}";
}
