using LiveMigration.Units;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>How fast a guest dirties its memory.</summary>
public sealed record DirtyRate
{
    private readonly ItemList<long> _perVCpu = ItemList<long>.Empty;

    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>How it was measured.</summary>
    public required DirtyRateMode Mode { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The measuring period; null if it comes from a migration's statistics.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Different bytes dirtied per second; null when a migration has measured none yet.</summary>
    public required long? Rate { get; init; }

    /// <summary>Different pages dirtied per second; null when a migration has measured none yet.</summary>
    public required long? PagesPerSecond { get; init; }

    /// <summary>Different bytes dirtied in the whole period: one point of the working-set curve.</summary>
    public long? Dirtied => (Rate, Period) is ({ } rate, { } period) ? (long)(rate * period.TotalSeconds) : null;

    /// <summary>The standard error of <see cref="Dirtied"/> in bytes, as QEMU looks at a sample of the pages; null where it looked at all, or the host does not report the memory.</summary>
    public long? StandardError { get; init; }

    /// <summary>The domain's memory in bytes; null where the host does not report it.</summary>
    public long? Memory { get; init; }

    /// <summary>The share of the domain's memory that is dirtied in a second, 0 to 1 and more; null where the host does not report its memory.</summary>
    public required double? ShareOfMemory { get; init; }

    /// <summary>The rate of each virtual CPU in bytes per second, where QEMU gives it.</summary>
    public IReadOnlyList<long> PerVCpu { get => _perVCpu; init => _perVCpu = ItemList<long>.Of(value); }
}
