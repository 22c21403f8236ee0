using LiveMigration.Forecasting;

namespace LiveMigration.PowerShell.Reports;

/// <summary>forecasts → JSON. Times are seconds.</summary>
internal static class ForecastJson
{
    internal static string Write(string title, IReadOnlyList<MigrationForecast> forecasts) => Json.Write(
        new
        {
            title,
            forecasts = forecasts.Select(forecast => new
            {
                forecast.Name,
                forecast.HostName,
                forecast.Destination,
                forecast.Strategy,
                forecast.Bandwidth,
                forecast.BandwidthSource,
                maxDowntime = forecast.MaxDowntime.TotalSeconds,
                forecast.Probability,
                forecast.Converges,
                totalTime = Range(forecast.TotalTimeLow?.TotalSeconds, forecast.TotalTime?.TotalSeconds, forecast.TotalTimeHigh?.TotalSeconds),
                downtime = Range(forecast.DowntimeLow?.TotalSeconds, forecast.Downtime?.TotalSeconds, forecast.DowntimeHigh?.TotalSeconds),
                transferred = Range(forecast.TransferredLow, forecast.Transferred, forecast.TransferredHigh),
                forecast.Iterations,
                forecast.Throttle,
                forecast.PostCopyRemaining,
                neededDowntime = forecast.NeededDowntime?.TotalSeconds,
                forecast.NeededBandwidth,
                forecast.NeededThrottle,
                memory = forecast.Curve.Memory,
                curve = forecast.Curve.Points.Select(point => new { period = point.Period.TotalSeconds, point.Dirtied, point.StandardError }),
                forecast.Notes,
                forecast.Summary,
            }),
        });

    private static object? Range(double? low, double? median, double? high) => median is null ? null : new { low, median, high };
}
