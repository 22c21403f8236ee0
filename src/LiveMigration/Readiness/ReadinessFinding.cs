using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>What one check found about one thing.</summary>
public sealed record ReadinessFinding
{
    /// <summary>The check's stable id, for example <c>LM046</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The check's name, for example <c>CacheModeSafe</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>What should hold.</summary>
    public required string Title { get; init; }

    /// <summary>What it is about.</summary>
    public required CheckCategory Category { get; init; }

    /// <summary>What it means when it does not hold.</summary>
    public required CheckSeverity Severity { get; init; }

    /// <summary>Whether it holds.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>Of what: a disk, a network, a host; null when it is the VM as a whole.</summary>
    public string? Subject { get; init; }

    /// <summary>What was compared, or why nothing could be.</summary>
    public required string Evidence { get; init; }

    /// <summary>A command that mends it; null where there is none.</summary>
    public string? Fix { get; init; }

    /// <summary>Where to read more.</summary>
    public string? Link { get; init; }

    /// <summary>Why it does not count, as the policy says; null when it counts.</summary>
    public string? WaivedBecause { get; init; }

    /// <summary>
    /// Whether the VM is not ready because of this: a fail, or a blocker that could not be judged because an answer did not come.
    /// What a host never tells over this kind of connection is Unknown as well, and does not hold up.
    /// </summary>
    public required bool Blocks { get; init; }

    internal HostRepair? Repair { get; init; }

    internal Fault Fault { get; init; } = Faults.NotReady;

    /// <summary>What <c>Repair-MigrationReadiness</c> would do about it; null where it is not ours to mend.</summary>
    public string? RepairAction => Repair?.ToString();

    /// <summary>For example <c>LM046 Fail: …</c>.</summary>
    public override string ToString() => $"{Id} {Status}: {(Subject is null ? "" : Subject + ": ")}{Evidence}";
}
