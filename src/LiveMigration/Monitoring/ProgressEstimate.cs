using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Monitoring;

/// <summary>Samples → progress. Keeps only what makes percent honest: it never runs back.</summary>
internal sealed class ProgressEstimate
{
    private int _percent;

    /// <summary>QEMU does not set its iteration count back between attempts.</summary>
    private long? _iterationsBefore;

    /// <summary>The latest estimate.</summary>
    internal MigrationProgress Latest { get; private set; } = new() { Phase = MigrationPhase.Starting, Percent = 0 };

    internal MigrationProgress Add(JobStatistics job, MigrationPhase phase, TimeSpan elapsed)
    {
        var total = job.DataTotal ?? job.MemoryTotal ?? 0;
        var remaining = job.DataRemaining ?? job.MemoryRemaining ?? 0;
        var rate = Rate(job.MemoryBytesPerSecond);
        var dirty = Rate(job.DirtyPagesPerSecond * (job.PageSize ?? 4096));
        if (job.Iteration is { } counted)
            _iterationsBefore ??= Math.Max(0, counted - 1);
        return Latest = new MigrationProgress
        {
            Phase = phase,
            Percent = Advance(total == 0 ? 0 : (int)(100 * (1 - (double)remaining / total)), at: 99),
            Iteration = (int)((job.Iteration ?? 0) - (_iterationsBefore ?? 0)),
            Transferred = new ByteSize(job.DataProcessed ?? job.MemoryProcessed ?? 0),
            Remaining = new ByteSize(remaining),
            Total = new ByteSize(total),
            Rate = rate,
            DirtyRate = dirty,
            Elapsed = elapsed,
            TimeLeft = TimeLeft(remaining, rate, phase is MigrationPhase.Copying ? dirty : null),
            ExpectedDowntime = job is { IsActive: true, Downtime: { } downtime } ? TimeSpan.FromMilliseconds(downtime) : null,
            Throttle = (int?)job.Throttle,
        };
    }

    /// <summary>The same numbers in another phase.</summary>
    internal MigrationProgress Enter(MigrationPhase phase, TimeSpan elapsed, bool complete = false) =>
        Latest = Latest with { Phase = phase, Elapsed = elapsed, TimeLeft = null, Percent = Advance(complete ? 100 : 0, at: 100) };

    private int Advance(int percent, int at) => _percent = Math.Max(_percent, Math.Clamp(percent, 0, at));

    /// <summary>
    /// What remains shrinks by what is sent and grows by what is dirtied meanwhile: r + r·q + r·q² + … bytes to send,
    /// with q the share of a second's sending that is dirtied again.
    /// </summary>
    private static TimeSpan? TimeLeft(long remaining, Bandwidth? rate, Bandwidth? dirty)
    {
        if (rate is not { BytesPerSecond: > 0 } sending)
            return null;
        var gain = (double)sending.BytesPerSecond - (dirty?.BytesPerSecond ?? 0);
        var seconds = remaining / gain;
        return gain > 0 && seconds < TimeSpan.FromDays(30).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static Bandwidth? Rate(long? bytesPerSecond) => bytesPerSecond is > 0 and var known ? new Bandwidth((ulong)known) : null;
}
