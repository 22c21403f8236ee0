using LiveMigration.Errors;
using LiveMigration.Forecasting;

namespace LiveMigration.Migration.History;

/// <summary>Migrations that have ended → how good their forecasts were: a pure function.</summary>
public static class ForecastScore
{
    /// <summary>A migration that ended so did not converge.</summary>
    private static readonly string[] Endless = [Faults.Timeout.Id, Faults.NotConverging.Id];

    /// <summary>Compares forecasts with what was measured.</summary>
    /// <param name="records">The migrations.</param>
    /// <param name="name">The VM that they are of; null for several.</param>
    public static ForecastAccuracy Of(IEnumerable<MigrationRecord> records, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        var all = records.ToArray();
        var cases = all.Where(record => record.Forecast is not null).Select(record => (Record: record, Forecast: record.Forecast!, Ended: HasConverged(record))).ToArray();
        var compared = Array.FindAll(cases, one => one.Ended is not null);
        var ended = Array.FindAll(compared, one => one.Ended is true && one.Forecast.Converges);
        var times = Errors(one => (one.Record.TotalTime.TotalSeconds, one.Forecast.TotalTime?.TotalSeconds));
        var bytes = Errors(one => (one.Record.Transferred, one.Forecast.Transferred));
        var downtimes = Errors(one => (one.Record.Downtime?.TotalSeconds, one.Forecast.Downtime?.TotalSeconds));
        double[] off = [.. ended.Select(one => (one.Record.Downtime - one.Forecast.Downtime)?.Duration().TotalMilliseconds).OfType<double>().Order()];
        return new ForecastAccuracy
        {
            Name = name,
            Count = compared.Length,
            WithoutForecast = all.Length - cases.Length,
            NotComparable = cases.Length - compared.Length,
            TimeError = Mean(times),
            TimeError90 = At90(times),
            BytesError = Mean(bytes),
            BytesError90 = At90(bytes),
            DowntimeError = Mean(downtimes),
            DowntimeError90 = At90(downtimes),
            DowntimeOff = off.Length == 0 ? null : TimeSpan.FromMilliseconds(Math.Round((off[(off.Length - 1) / 2] + off[off.Length / 2]) / 2)),
            TimeInBand = Inside(one => (one.Forecast.TotalTimeLow?.TotalSeconds, one.Record.TotalTime.TotalSeconds, one.Forecast.TotalTimeHigh?.TotalSeconds)),
            BytesInBand = Inside(one => (one.Forecast.TransferredLow, one.Record.Transferred, one.Forecast.TransferredHigh)),
            DowntimeInBand = Inside(one => (one.Forecast.DowntimeLow?.TotalSeconds, one.Record.Downtime?.TotalSeconds, one.Forecast.DowntimeHigh?.TotalSeconds)),
            Converged = compared.Count(one => (one.Forecast.Converges, one.Ended) is (true, true)),
            FalselyPromised = compared.Count(one => (one.Forecast.Converges, one.Ended) is (true, false)),
            FalselyWarned = compared.Count(one => (one.Forecast.Converges, one.Ended) is (false, true)),
            NotConverged = compared.Count(one => (one.Forecast.Converges, one.Ended) is (false, false)),
        };

        double[] Errors(Func<(MigrationRecord Record, MigrationPrediction Forecast, bool? Ended), (double? Measured, double? Forecast)> pick) =>
            [.. ended.Select(pick).Where(one => one is { Measured: > 0, Forecast: not null }).Select(one => Math.Abs(one.Forecast!.Value - one.Measured!.Value) / one.Measured.Value).Order()];

        double? Inside(Func<(MigrationRecord Record, MigrationPrediction Forecast, bool? Ended), (double? Low, double? Measured, double? High)> pick)
        {
            var known = ended.Select(pick).Where(one => one is { Low: not null, Measured: not null, High: not null }).ToArray();
            return known.Length == 0 ? null : known.Count(one => one.Low <= one.Measured && one.Measured <= one.High) / (double)known.Length;
        }
    }

    /// <summary>The same for each VM of its own, by name.</summary>
    /// <param name="records">The migrations.</param>
    public static IReadOnlyList<ForecastAccuracy> OfEach(IEnumerable<MigrationRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        // One that was renamed is the same, by its latest name.
        return records.GroupBy(record => record.Uuid == Guid.Empty ? record.Name : record.Uuid.ToString())
            .Select(vm => Of(vm, vm.MaxBy(record => record.StartTime)!.Name)).OrderBy(accuracy => accuracy.Name, StringComparer.Ordinal).ToArray();
    }

    /// <summary>Whether it ended as it was to be brought to its end; null where it says nothing about that.</summary>
    private static bool? HasConverged(MigrationRecord record) => record switch
    {
        // Forced to its end, by post-copy or by a slower guest, it had not converged.
        { Outcome: MigrationOutcome.Completed, PostCopy: true, Forecast.Strategy: not MigrationStrategy.PostCopy } => false,
        { Outcome: MigrationOutcome.Completed, Throttle: > 0, Forecast.Strategy: not MigrationStrategy.AutoConverge } => null,
        { Outcome: MigrationOutcome.Completed } => true,
        { Outcome: MigrationOutcome.Failed, ErrorId: { } error } when Endless.Contains(error) => false,
        _ => null,
    };

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    /// <summary>The nearest rank: with fewer than ten values, the largest.</summary>
    private static double? At90(double[] sorted) => sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1];
}
