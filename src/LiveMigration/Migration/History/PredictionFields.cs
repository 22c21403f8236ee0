using LiveMigration.Forecasting;
using LiveMigration.State;

namespace LiveMigration.Migration.History;

/// <summary>A forecast as fields of a record, and back. Times are milliseconds.</summary>
internal static class PredictionFields
{
    /// <summary>Of these fields: one that is newer means something else, and is not read.</summary>
    private const long Version = 1;

    internal static IEnumerable<(string Name, FieldValue Value)> Of(MigrationPrediction? prediction) => prediction is null ? [] :
    [
        ("forecast", (long?)Version), ("f-strategy", prediction.Strategy.ToString()), ("f-bandwidth", (long?)prediction.Bandwidth), ("f-link", prediction.BandwidthSource),
        ("f-curve", prediction.CurveSource), ("f-limit", Milliseconds(prediction.MaxDowntime)), ("f-probability", (long?)Math.Round(100 * prediction.Probability)),
        ("f-time", Milliseconds(prediction.TotalTime)), ("f-time-low", Milliseconds(prediction.TotalTimeLow)), ("f-time-high", Milliseconds(prediction.TotalTimeHigh)),
        ("f-downtime", Milliseconds(prediction.Downtime)), ("f-downtime-low", Milliseconds(prediction.DowntimeLow)), ("f-downtime-high", Milliseconds(prediction.DowntimeHigh)),
        ("f-final", Milliseconds(prediction.FinalTransfer)),
        ("f-bytes", prediction.Transferred), ("f-bytes-low", prediction.TransferredLow), ("f-bytes-high", prediction.TransferredHigh),
    ];

    internal static MigrationPrediction? Read(RecordFields fields)
    {
        if (fields.Number("forecast") != Version || !Enum.TryParse<MigrationStrategy>(fields["f-strategy"], out var strategy)
            || RecordBounds.Bytes(fields.Number("f-bandwidth")) is not { } bandwidth || fields.Number("f-probability") is not { } probability || fields.Time("f-limit") is not { } limit)
            return null;
        return new MigrationPrediction
        {
            Strategy = strategy,
            Bandwidth = bandwidth,
            BandwidthSource = fields["f-link"] ?? "",
            CurveSource = fields["f-curve"] ?? "",
            MaxDowntime = limit,
            Probability = probability / 100.0,
            TotalTime = fields.Time("f-time"),
            TotalTimeLow = fields.Time("f-time-low"),
            TotalTimeHigh = fields.Time("f-time-high"),
            Downtime = fields.Time("f-downtime"),
            DowntimeLow = fields.Time("f-downtime-low"),
            DowntimeHigh = fields.Time("f-downtime-high"),
            FinalTransfer = fields.Time("f-final"),
            Transferred = fields.Number("f-bytes"),
            TransferredLow = fields.Number("f-bytes-low"),
            TransferredHigh = fields.Number("f-bytes-high"),
        };
    }

    private static long? Milliseconds(TimeSpan? time) => (long?)time?.TotalMilliseconds;
}
