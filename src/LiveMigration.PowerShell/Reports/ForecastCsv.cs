using System.Globalization;
using System.Text;
using LiveMigration.Forecasting;

namespace LiveMigration.PowerShell.Reports;

/// <summary>forecasts → CSV, one line for each.</summary>
internal static class ForecastCsv
{
    private static readonly string[] Columns =
    [
        "Name", "Source", "Destination", "Strategy", "Bandwidth", "BandwidthSource", "MaxDowntimeMs", "Probability", "LowMs", "Ms", "HighMs",
        "DowntimeLowMs", "DowntimeMs", "DowntimeHighMs", "Bytes", "Iterations", "Throttle", "PostCopyBytes", "NeededDowntimeMs", "NeededBandwidth", "NeededThrottle", "Summary",
    ];

    internal static string Write(IReadOnlyList<MigrationForecast> forecasts)
    {
        var text = new StringBuilder().AppendCsv(Columns);
        foreach (var forecast in forecasts)
        {
            text.AppendCsv(
            [
                forecast.Name, forecast.HostName, forecast.Destination, $"{forecast.Strategy}", Text(forecast.Bandwidth), forecast.BandwidthSource, Text(forecast.MaxDowntime),
                forecast.Probability.ToString(CultureInfo.InvariantCulture), Text(forecast.TotalTimeLow), Text(forecast.TotalTime), Text(forecast.TotalTimeHigh),
                Text(forecast.DowntimeLow), Text(forecast.Downtime), Text(forecast.DowntimeHigh), Text(forecast.Transferred), Text(forecast.Iterations), Text(forecast.Throttle),
                Text(forecast.PostCopyRemaining), Text(forecast.NeededDowntime), Text(forecast.NeededBandwidth), Text(forecast.NeededThrottle), forecast.Summary,
            ]);
        }

        return text.ToString();
    }

    private static string? Text(TimeSpan? time) => Text((long?)time?.TotalMilliseconds);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
