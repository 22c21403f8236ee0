using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>What a policy is told about a migration at one moment. Null is "not known": a host that is silent still ages.</summary>
public sealed record PolicySample
{
    /// <summary>Time since the migration began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Its progress.</summary>
    public MigrationPhase Phase { get; init; } = MigrationPhase.Copying;

    /// <summary>Which pass over memory this is, from 1.</summary>
    public int? Iteration { get; init; }

    /// <summary>Bytes that still differ, of memory and of disks that are copied.</summary>
    public ByteSize? Remaining { get; init; }

    /// <summary>Bytes sent.</summary>
    public ByteSize? Transferred { get; init; }

    /// <summary>Rate of sending.</summary>
    public Bandwidth? Rate { get; init; }

    /// <summary>Rate at which the guest changes memory.</summary>
    public Bandwidth? DirtyRate { get; init; }

    /// <summary>How much the guest is slowed down (auto-converge), in percent.</summary>
    public int? Throttle { get; init; }

    /// <summary>Progress as a sample.</summary>
    /// <param name="progress">A look at the migration.</param>
    public static PolicySample From(MigrationProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return new PolicySample
        {
            Elapsed = progress.Elapsed,
            Phase = progress.Phase,
            Iteration = progress.Iteration,
            Remaining = progress.Remaining is { } remaining ? new ByteSize(remaining) : null,
            Transferred = progress.Transferred is { } transferred ? new ByteSize(transferred) : null,
            Rate = Known(progress.Rate),
            DirtyRate = Known(progress.DirtyRate),
            Throttle = progress.Throttle,
        };
    }

    private static Bandwidth? Known(long? bytesPerSecond) => bytesPerSecond is { } rate ? Bandwidth.FromBytes(rate) : null;

    /// <summary>For a reason: how much is left, and what holds it up.</summary>
    internal string Describe()
    {
        var parts = new List<string>();
        if (Remaining is { } remaining)
            parts.Add($"{remaining} left");
        if (Rate is { } rate)
            parts.Add($"{rate} is sent");
        if (DirtyRate is { } dirty)
            parts.Add($"the guest changes {dirty}");
        if (Throttle is > 0 and var throttle)
            parts.Add($"it is throttled by {throttle} %");
        return parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})";
    }
}
