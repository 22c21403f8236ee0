using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>Pre-copy in closed form: what is sent once, and again for what was dirtied meanwhile.</summary>
internal static class PreCopy
{
    /// <summary>
    /// How long it takes where a guest dirties other memory all the time: the passes are a geometric series. Null where it has no end.
    /// </summary>
    /// <param name="bytes">What is to be sent.</param>
    /// <param name="sent">Bytes sent per second.</param>
    /// <param name="dirtied">Bytes dirtied per second.</param>
    internal static TimeSpan? TimeOf(double bytes, double sent, double dirtied) =>
        sent > dirtied && bytes / (sent - dirtied) is var seconds && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>What is sent in all, the bytes that were dirtied meanwhile among them; without end where it has none.</summary>
    internal static double BytesOf(double bytes, double sent, double dirtied) => sent > dirtied ? bytes * sent / (sent - dirtied) : double.PositiveInfinity;

    /// <summary>The bandwidth from which on pre-copy ends at this downtime.</summary>
    internal static Bandwidth NeededBandwidth(DirtyCurve curve, double downtime) => Bandwidth.FromBytes((long)Math.Ceiling(curve.After(downtime) / downtime));

    /// <summary>The share of its time, 0 to 1, for which the guest must be stopped so that pre-copy ends at this downtime.</summary>
    internal static double NeededThrottle(DirtyCurve curve, double bytesPerSecond, double downtime) =>
        Math.Max(0, 1 - curve.Until(bytesPerSecond * downtime) / downtime);
}
