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

    /// <summary>Makes one of what QEMU answers.</summary>
    /// <param name="name">The VM's name.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="memory">The VM's memory in bytes; null or 0 where it is not known.</param>
    /// <param name="mode">How it was measured.</param>
    /// <param name="time">When.</param>
    /// <param name="period">The measuring period.</param>
    /// <param name="mebibytes">MiB per second.</param>
    /// <param name="perVCpu">MiB per second of each virtual CPU.</param>
    /// <param name="samples">Samples of each GiB.</param>
    internal static DirtyRate Measured(
        string name, string host, long? memory, DirtyRateMode mode, DateTimeOffset time, TimeSpan period, long mebibytes, IReadOnlyList<long> perVCpu, int samples)
    {
        const int PageSize = 4096;
        var bytes = mebibytes * (long)ByteSize.MiB;
        var size = memory is > 0 and var known ? known : (long?)null;
        return new DirtyRate
        {
            Name = name,
            HostName = host,
            Mode = mode,
            Time = time,
            Period = period,
            Rate = bytes,
            PagesPerSecond = bytes / PageSize,
            Memory = size,
            StandardError = size is { } whole && mode is DirtyRateMode.PageSampling ? SamplingError.Of(whole, (long)(bytes * period.TotalSeconds), period, samples) : null,
            ShareOfMemory = (double?)bytes / size,
            PerVCpu = perVCpu.Select(rate => rate * (long)ByteSize.MiB).ToArray(),
        };
    }
}
