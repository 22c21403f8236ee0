using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>forecast → words.</summary>
internal static class ForecastSentence
{
    internal static string Of(MigrationForecast forecast)
    {
        var limit = new Duration(forecast.MaxDowntime);
        if (!forecast.Converges)
        {
            return forecast.Strategy is MigrationStrategy.AutoConverge
                ? "Does not converge, however much the VM is slowed down."
                : $"Does not converge with a downtime of {limit}{Chance(1 - forecast.Probability)}: {Why(forecast)}. {Remedies(forecast)}";
        }

        return $"Takes {Band(forecast.TotalTimeLow, forecast.TotalTimeHigh)}{Chance(forecast.Probability)}, downtime {Band(forecast.DowntimeLow, forecast.DowntimeHigh)}{forecast.Strategy switch
        {
            MigrationStrategy.RaiseDowntime when forecast.NeededThrottle > 0 => $", with -MaxDowntime {forecast.MaxDowntime.TotalMilliseconds}ms",
            MigrationStrategy.AutoConverge when forecast.Throttle > 0 => $", slowed down by {forecast.Throttle} %",
            MigrationStrategy.PostCopy when forecast.PostCopyRemaining > 0 => $", with {new ByteSize(forecast.PostCopyRemaining.Value)} still at the source",
            _ => "",
        }}.";
    }

    private static string Chance(double probability) => probability < 0.95 ? string.Create(CultureInfo.InvariantCulture, $" ({probability:P0} likely)") : "";

    private static string Why(MigrationForecast forecast)
    {
        var period = forecast.MaxDowntime;
        var sent = new ByteSize((long)(forecast.Bandwidth * period.TotalSeconds));
        return $"in that time the VM changes {new ByteSize(forecast.Curve.DirtiedIn(period))}, and {sent} can be sent";
    }

    private static string Remedies(MigrationForecast forecast)
    {
        var remedies = new List<string>();
        if (forecast.NeededDowntime is { } downtime)
            remedies.Add($"a downtime of {new Duration(downtime)}");
        if (forecast.NeededThrottle is > 0 and < 100 and var throttle)
            remedies.Add($"a VM slowed down by {throttle} %");
        remedies.Add($"a bandwidth of {Bandwidth.FromBytes(forecast.NeededBandwidth)}");
        return $"It would with {string.Join(", or ", remedies)}, or with post-copy.";
    }

    private static string Band(TimeSpan? low, TimeSpan? high)
    {
        var (from, to) = (new Duration(low ?? default).ToString(), new Duration(high ?? default).ToString());
        return from == to ? from : $"{from} to {to}";
    }
}
