namespace LiveMigration.Monitoring;

/// <summary>
/// Notices that nothing moves any more, which libvirt never does: fed with samples, it says for how long the sum of bytes
/// sent has stood still. A sample that could not be had counts as no movement. While the destination prepares, nothing can
/// move: that has a limit of its own.
/// </summary>
internal sealed class StallDetector(TimeSpan limit, TimeSpan preparation)
{
    private long _transferred = -1;
    private TimeSpan _began;
    private TimeSpan _moved;

    /// <summary>An attempt begins: what came before it counts for nothing.</summary>
    internal void Begin(TimeSpan elapsed) => _began = _moved = elapsed;

    /// <summary>Adds a sample and says whether a limit is reached.</summary>
    /// <param name="elapsed">Time since the migration began.</param>
    /// <param name="transferred">Bytes sent in all; null when nobody answered.</param>
    /// <param name="preparing">Whether the source answered, and the destination is not ready to receive.</param>
    internal Stall Add(TimeSpan elapsed, long? transferred, bool preparing)
    {
        if (preparing)
        {
            _moved = elapsed;
            return elapsed - _began >= preparation ? Stall.Preparing : Stall.None;
        }

        if (transferred is { } now && now != _transferred)
        {
            _transferred = now;
            _moved = elapsed;
        }

        return elapsed - _moved >= limit ? Stall.Sending : Stall.None;
    }
}
