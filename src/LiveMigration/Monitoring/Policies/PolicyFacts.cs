using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>What a policy has to know about the domain before it starts.</summary>
public sealed record PolicyFacts
{
    private const double GiB = 1L << 30;

    /// <summary>The domain's memory.</summary>
    public required ByteSize MemorySize { get; init; }

    /// <summary>The sizes of the disks that are copied along; empty on shared storage.</summary>
    public IReadOnlyList<ByteSize> DiskSizes { get; init; } = [];

    /// <summary>
    /// Whether the guest may be switched to post-copy, should the policy permit it: not while it is paused, with persistent
    /// memory, or over several connections before QEMU 10.1.
    /// </summary>
    public bool PostCopyPossible { get; init; } = true;

    /// <summary>Whether a VFIO device (vGPU, PCI pass-through) moves along: no post-copy, and a pause does not stop the device.</summary>
    public bool HasVfio { get; init; }

    internal bool MayPostCopy => PostCopyPossible && !HasVfio;

    /// <summary>The same with the disks that a plan copies.</summary>
    /// <param name="plan">The plan.</param>
    public PolicyFacts Carrying(MigrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return this with
        {
            DiskSizes = [.. plan.Disks.Where(disk => disk.Transfer is not DiskTransfer.None).Select(disk => new ByteSize(disk.Bytes ?? disk.Capacity ?? 0))],
        };
    }

    /// <summary>How many "GiB" are to be sent at the least, as times per GiB count them.</summary>
    /// <param name="measure">How they are counted.</param>
    public double DataSize(DataMeasure measure)
    {
        var sizes = DiskSizes.Prepend(MemorySize).Select(size => size.Bytes);
        return measure switch
        {
            DataMeasure.AtLeastTwoGiBEach => sizes.Sum(bytes => Math.Max(2, bytes / GiB)),
            DataMeasure.WholeGigabytes => Math.Ceiling(sizes.Sum() / 1e9),
            _ => sizes.Sum() / GiB,
        };
    }
}
