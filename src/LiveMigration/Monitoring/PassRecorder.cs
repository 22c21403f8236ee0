using LiveMigration.Forecasting;
using LiveMigration.Hypervisors;
using LiveMigration.Units;

namespace LiveMigration.Monitoring;

/// <summary>
/// Samples of a migration → what later forecasts can learn from it: points of the guest's dirty curve, one for each pass, and how fast the link
/// took what was sent.
/// </summary>
/// <param name="maxDowntime">The downtime limit; null for QEMU's own.</param>
/// <param name="joined">Whether somebody else began it: when its pass began, and what limits it has, is not known.</param>
internal sealed class PassRecorder(TimeSpan? maxDowntime = null, bool joined = false)
{
    /// <summary>Enough for a curve; a migration that never ends has thousands.</summary>
    private const int Most = 32;

    /// <summary>A rate is measured over this long at least: QEMU sends in bursts.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>The beginning of a pass is seen by so much too late, at the most.</summary>
    private const double Delay = 0.1;

    private readonly TimeSpan _limit = maxDowntime ?? TimeSpan.FromMilliseconds(300);
    private readonly List<DirtyPoint> _points = [];
    private readonly Queue<(TimeSpan At, long Transferred)> _sent = new();
    private (TimeSpan At, int Pass, long Remaining, long Transferred)? _pass;

    /// <summary>Whether the pass was seen from its beginning.</summary>
    private bool _isWhole;

    /// <summary>What the guest dirtied during each pass that was seen from its beginning to its end, while it ran at its full speed.</summary>
    internal IReadOnlyList<DirtyPoint> Points => _points;

    /// <summary>The fastest second, in bytes per second; null where a limit was in force all the time, or there was no whole second without.</summary>
    internal long? LinkRate { get; private set; }

    /// <summary>How much the guest was slowed down at most, in percent.</summary>
    internal int Throttle { get; private set; }

    /// <summary>Adds a sample of a migration that copies memory.</summary>
    /// <param name="at">When; never before the last one.</param>
    /// <param name="pass">Which pass it is, from 1; 0 before the first.</param>
    /// <param name="statistics">The counters.</param>
    /// <param name="limit">The limit of the bandwidth; null for none.</param>
    internal void Add(TimeSpan at, int pass, MigrationStatistics statistics, Bandwidth? limit)
    {
        if (pass < 1 || (statistics.MemoryTransferred, statistics.MemoryRemaining) is not ({ } transferred, { } remaining))
            return;
        Throttle = Math.Max(Throttle, statistics.Throttle ?? 0);
        AddRate(at, transferred, limit);
        if (_pass is { } last && pass <= last.Pass)
            return;
        if (_pass is { } begun && _isWhole && pass == begun.Pass + 1 && at > begun.At && Throttle == 0 && _points.Count < Most)
            _points.Add(Point(begun, at, remaining, transferred, statistics.MemoryRate ?? 0));
        _isWhole = _pass is not null || (pass == 1 && !joined);
        _pass = (at, pass, remaining, transferred);
    }

    /// <summary>What a pass begins with was changed during the one before, or was left over by it.</summary>
    private DirtyPoint Point((TimeSpan At, int Pass, long Remaining, long Transferred) begun, TimeSpan at, long remaining, long transferred, long rate)
    {
        // Of the first pass it is not known how much of it was zeros, so it is not known what it left over: up to what may be left for the downtime.
        var left = begun.Pass > 1 ? Math.Max(0, begun.Remaining - (transferred - begun.Transferred)) : (long)(rate * Math.Max(0, _limit.TotalSeconds - Delay / 2));
        var error = Math.Max(0.03 * remaining, rate * Delay / 2);
        return new DirtyPoint(TimeSpan.FromMilliseconds(Math.Max(1, Math.Round((at - begun.At).TotalMilliseconds))), Math.Max(0, remaining - left), (long)error);
    }

    private void AddRate(TimeSpan at, long transferred, Bandwidth? limit)
    {
        // A limit, also one that others share, says nothing about the link.
        if (joined || limit is { IsUnlimited: false })
        {
            _sent.Clear();
            return;
        }

        _sent.Enqueue((at, transferred));
        while (_sent.Count > 2 && at - _sent.ElementAt(1).At >= Window)
            _sent.Dequeue();
        var (since, before) = _sent.Peek();
        if (at - since < Window || transferred <= before)
            return;
        LinkRate = Math.Max(LinkRate ?? 0, (long)((transferred - before) / (at - since).TotalSeconds));
    }
}
