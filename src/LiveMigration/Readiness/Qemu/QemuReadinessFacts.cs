using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu.Comparison;

namespace LiveMigration.Readiness.Qemu;

/// <summary>All that is judged of two QEMUs and what is asked for.</summary>
internal sealed record QemuReadinessFacts
{
    /// <summary>Everything in which they were compared.</summary>
    internal required IReadOnlyList<QemuDifference> Compared { get; init; }

    /// <summary>What the planner would refuse.</summary>
    internal required IReadOnlyList<QemuRefusal> Refusals { get; init; }

    /// <summary>What was found where the memory would go.</summary>
    internal required IReadOnlyList<Outcome> Address { get; init; }

    /// <summary>What was found in the folders of the certificates.</summary>
    internal required IReadOnlyList<Outcome> Certificates { get; init; }

    /// <summary>What was found of the space for disks that are copied.</summary>
    internal required IReadOnlyList<Outcome> Space { get; init; }

    /// <summary>Why what is sent can be read on its way; null where it cannot, or where that is meant.</summary>
    internal string? Readable { get; init; }
}

/// <summary>Something that the planner refuses.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Fault">The fault of a plan.</param>
/// <param name="Why">What, and what to do.</param>
internal sealed record QemuRefusal(QemuRefusalKind Kind, Fault Fault, string Why);

/// <summary>Kinds of <see cref="QemuRefusal"/>.</summary>
internal enum QemuRefusalKind
{
    Options,
    State,
    Blocker,
    Difference,
    Disk,
}
