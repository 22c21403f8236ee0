using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Streams;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>A saved state that was read to its end and fits the QEMU that waits for it.</summary>
public sealed record StateRestorePlan
{
    internal StateRestorePlan(StateEncoding encoding) => Encoding = encoding;

    /// <summary>The QEMU that waits.</summary>
    public required QemuProcess Twin { get; init; }

    /// <summary>What is asked for.</summary>
    public required StateRestoring Options { get; init; }

    /// <summary>What is in it.</summary>
    public required MigrationStream Stream { get; init; }

    /// <summary>What was written down when it was saved; null where that is not there.</summary>
    public SavedState? Saved { get; init; }

    /// <summary>Whether the guest runs afterwards.</summary>
    public bool Runs { get; init; }

    /// <summary>What the user should know before.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>What is between the file and the stream.</summary>
    internal StateEncoding Encoding { get; }

    /// <summary>The hash of what was read: QEMU has to be sent the same.</summary>
    internal string Sha256 { get; init; } = "";

    /// <summary>What the file was before it was read, where QEMU reads it itself.</summary>
    internal string? Identity { get; init; }

    /// <summary>Whether each page has a place of its own, and QEMU reads the file itself.</summary>
    internal bool IsMapped => Stream.Capabilities.Contains(QemuSavingRules.MappedRam);

    /// <summary>What it is called in messages.</summary>
    internal string Title => Options.Path is { } path ? $"'{path}'" : "The state that the command gives";
}
