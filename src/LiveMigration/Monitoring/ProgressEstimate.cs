using LiveMigration.Forecasting;
using LiveMigration.Hypervisors;
using LiveMigration.Units;

namespace LiveMigration.Monitoring;

/// <summary>Samples → progress. Keeps only what makes percent honest: it never runs back.</summary>
/// <param name="memory">What the domain may use of memory: while disks are copied, libvirt does not count it yet.</param>
/// <param name="joined">Whether it may not be watched from its beginning: then all that is known of its passes is what QEMU counts.</param>
internal sealed class ProgressEstimate(long memory = 0, bool joined = false)
{
    private readonly RemainingTime _passes = new();
    private int _percent;
    private (long Transferred, TimeSpan? At) _disks;

    /// <summary>QEMU does not set its iteration count back between attempts.</summary>
    private long? _iterationsBefore = joined ? 0 : null;

    /// <summary>The latest estimate.</summary>
    internal MigrationProgress Latest { get; private set; } = new() { Phase = MigrationPhase.Starting, Percent = 0 };

    internal MigrationProgress Add(MigrationStatistics statistics, MigrationPhase phase, TimeSpan elapsed)
    {
        var waiting = statistics.DiskTotal > 0 && statistics.MemoryTotal is null or 0 ? memory : 0;
        // Before QEMU has counted anything libvirt says 0 of everything.
        var total = (statistics.Total ?? statistics.MemoryTotal) is > 0 and var counts ? counts + waiting : (long?)null;
        var remaining = total is null ? null : (statistics.Remaining ?? statistics.MemoryRemaining) + waiting;
        var rate = Rate(statistics.MemoryRate) ?? DiskRate(statistics, elapsed);
        var dirty = Rate(statistics.DirtyRate);
        if (statistics.Iteration is { } counted)
            _iterationsBefore ??= Math.Max(0, counted - 1);
        var pass = PassOf(statistics.Iteration) ?? 0;
        return Latest = new MigrationProgress
        {
            Phase = phase,
            Percent = Advance((int)(100 * (1 - (double?)remaining / total) ?? 0), at: 99),
            Iteration = pass > 0 ? pass : null,
            Transferred = total is null ? null : statistics.Transferred ?? statistics.MemoryTransferred,
            Remaining = remaining,
            Total = total,
            Rate = rate,
            DirtyRate = dirty,
            Elapsed = elapsed,
            TimeLeft = phase is MigrationPhase.Copying && pass > 0 && total is { } all && statistics.Throttle is null or 0
                ? ByPasses(pass, all, remaining ?? 0, statistics.Transferred ?? statistics.MemoryTransferred ?? 0, rate, dirty, elapsed)
                : TimeLeft(remaining, rate, phase is MigrationPhase.Copying ? dirty : null),
            ExpectedDowntime = statistics.ExpectedDowntime,
            Throttle = statistics.Throttle,
        };
    }

    /// <summary>A pass began: seen late, the first count that a sample brings may be that of the second.</summary>
    internal void PassBegan(long? number)
    {
        if (!joined && number is { } counted && (_iterationsBefore is null || counted <= _iterationsBefore))
            _iterationsBefore = Math.Max(0, counted - 1);
    }

    /// <summary>Which pass of this migration QEMU counts; null where none has begun, or its count before is not known.</summary>
    internal int? PassOf(long? counted) => counted - _iterationsBefore is > 0 and var pass ? (int)pass : null;

    /// <summary>QEMU tells no rate of a mirror: it is measured from one sample to the next.</summary>
    private long? DiskRate(MigrationStatistics statistics, TimeSpan elapsed)
    {
        if (statistics.DiskTransferred is not { } transferred)
            return null;
        var (before, at) = _disks;
        _disks = (transferred, elapsed);
        return at is { } then && elapsed > then ? Rate((long)((transferred - before) / (elapsed - then).TotalSeconds)) : null;
    }

    /// <summary>The same numbers in another phase.</summary>
    internal MigrationProgress Enter(MigrationPhase phase, TimeSpan elapsed, bool complete = false) =>
        Latest = Latest with { Phase = phase, Elapsed = elapsed, TimeLeft = null, Percent = Advance(complete ? 100 : 0, at: 100) };

    private int Advance(int percent, int at) => _percent = Math.Max(_percent, Math.Clamp(percent, 0, at));

    /// <summary>Where the passes do not tell yet, the rates of the moment do.</summary>
    private TimeSpan? ByPasses(int pass, long total, long remaining, long transferred, long? rate, long? dirty, TimeSpan elapsed)
    {
        var seconds = _passes.Add(elapsed.TotalSeconds, pass, total, remaining, transferred, rate ?? 0, 0);
        if (_passes.Never)
            return null;
        return seconds is { } left && left < TimeSpan.FromDays(30).TotalSeconds ? TimeSpan.FromMilliseconds(Math.Round(left * 1000)) : TimeLeft(remaining, rate, dirty);
    }

    private static TimeSpan? TimeLeft(long? remaining, long? rate, long? dirty) =>
        remaining is { } left && rate is { } sending && PreCopy.TimeOf(left, sending, dirty ?? 0) is { TotalDays: < 30 } time ? time : null;

    private static long? Rate(long? bytesPerSecond) => bytesPerSecond is > 0 ? bytesPerSecond : null;
}
