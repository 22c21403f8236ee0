namespace LiveMigration.Monitoring;

/// <summary>
/// Notices that nothing moves any more, which libvirt never does: fed with samples, it says for how long the sum of bytes
/// sent has stood still. A sample that could not be had counts as no movement.
/// </summary>
internal sealed class StallDetector(TimeSpan limit)
{
    private long _transferred = -1;
    private TimeSpan _moved;

    /// <summary>Adds a sample and says whether the limit is reached.</summary>
    /// <param name="elapsed">Time since the migration began.</param>
    /// <param name="transferred">Bytes sent in all; null when nobody answered.</param>
    internal bool IsStalled(TimeSpan elapsed, long? transferred)
    {
        if (transferred is { } now && now != _transferred)
        {
            _transferred = now;
            _moved = elapsed;
        }

        return elapsed - _moved >= limit;
    }
}
