namespace LiveMigration.Migration.Qemu;

/// <summary>A migration between two QEMUs that another process runs, or has left behind: what its journal says.</summary>
public sealed record QemuMigrationRecord
{
    /// <summary>Identifies it.</summary>
    public required string Id { get; init; }

    /// <summary>The VM's name.</summary>
    public required string Name { get; init; }

    /// <summary>The VM's UUID; all zero where it has none.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The monitor of the QEMU that it leaves.</summary>
    public required string Source { get; init; }

    /// <summary>The monitor of the QEMU that it goes to.</summary>
    public required string Destination { get; init; }

    /// <summary>The last step that was written down, before it was taken.</summary>
    public required string Step { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When the last step was written down.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The process that wrote it down.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The machine where that process ran.</summary>
    public required string Controller { get; init; }

    /// <summary>Whether no process carries it out any more.</summary>
    public required bool IsInterrupted { get; init; }

    /// <summary>The file at the source that may contain the VM's memory; null where none was written.</summary>
    internal string? LeftFile { get; init; }

    /// <summary>For example <c>web1: unix:/run/a.qmp → unix:/run/b.qmp, interrupted at hand-over</c>.</summary>
    public override string ToString() => $"{Name}: {Source} → {Destination}, {(IsInterrupted ? "interrupted" : $"process {ProcessId}")} at {Step}";
}
