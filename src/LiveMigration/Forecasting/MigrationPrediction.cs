using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>What was forecast of a migration before it began. Ranges hold 80 % of the simulated migrations.</summary>
public sealed record MigrationPrediction
{
    /// <summary>How the migration was to be brought to its end.</summary>
    public required MigrationStrategy Strategy { get; init; }

    /// <summary>The bandwidth that was expected, in bytes per second.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>Where the bandwidth was known from, for people.</summary>
    public required string BandwidthSource { get; init; }

    /// <summary>Where it was known from how fast the VM changes its memory, for people.</summary>
    public required string CurveSource { get; init; }

    /// <summary>The downtime limit.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>The fraction of simulated migrations that ended in time, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether the migration was expected to converge.</summary>
    public bool Converges => Probability >= 0.5;

    /// <summary>How long it was expected to take; null where it was not expected to converge.</summary>
    public TimeSpan? TotalTime { get; init; }

    /// <summary>10 % of the simulated migrations took less time.</summary>
    public TimeSpan? TotalTimeLow { get; init; }

    /// <summary>10 % of the simulated migrations took more time.</summary>
    public TimeSpan? TotalTimeHigh { get; init; }

    /// <summary>The expected downtime; null where it was not expected to converge.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>10 % of the simulated downtimes were shorter.</summary>
    public TimeSpan? DowntimeLow { get; init; }

    /// <summary>10 % of the simulated downtimes were longer.</summary>
    public TimeSpan? DowntimeHigh { get; init; }

    /// <summary>The part of <see cref="Downtime"/> in which memory is sent; the devices take the rest. Null where it was not expected to converge.</summary>
    public TimeSpan? FinalTransfer { get; init; }

    /// <summary>Bytes expected to be sent; null where it was not expected to converge.</summary>
    public long? Transferred { get; init; }

    /// <summary>10 % of the simulated migrations sent fewer bytes.</summary>
    public long? TransferredLow { get; init; }

    /// <summary>10 % of the simulated migrations sent more bytes.</summary>
    public long? TransferredHigh { get; init; }

    /// <summary>For example <c>4 s to 6 s, downtime 80 ms to 200 ms (250 MiB/s: -Bandwidth)</c>.</summary>
    public override string ToString() =>
        $"{(Converges ? $"{Band(TotalTimeLow, TotalTimeHigh)}, downtime {Band(DowntimeLow, DowntimeHigh)}" : "does not converge")} ({Units.Bandwidth.FromBytes(Bandwidth)}: {BandwidthSource})";

    internal static MigrationPrediction Of(MigrationForecast forecast, string bandwidthSource, string curveSource) => new()
    {
        Strategy = forecast.Strategy,
        Bandwidth = forecast.Bandwidth,
        BandwidthSource = bandwidthSource,
        CurveSource = curveSource,
        MaxDowntime = forecast.MaxDowntime,
        Probability = forecast.Probability,
        TotalTime = forecast.TotalTime,
        TotalTimeLow = forecast.TotalTimeLow,
        TotalTimeHigh = forecast.TotalTimeHigh,
        Downtime = forecast.Downtime,
        DowntimeLow = forecast.DowntimeLow,
        DowntimeHigh = forecast.DowntimeHigh,
        FinalTransfer = forecast.FinalTransfer,
        Transferred = forecast.Transferred,
        TransferredLow = forecast.TransferredLow,
        TransferredHigh = forecast.TransferredHigh,
    };

    private static string Band(TimeSpan? low, TimeSpan? high)
    {
        var (from, to) = (Duration.Format(low), Duration.Format(high));
        return from == to ? from : $"{from} to {to}";
    }
}
