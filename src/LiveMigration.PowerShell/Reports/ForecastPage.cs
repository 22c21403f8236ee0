using System.Globalization;
using System.Text;
using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>forecasts → one page that needs nothing but itself: for each VM and destination its dirty curve, and what each strategy brings.</summary>
internal static class ForecastPage
{
    internal static string Write(string title, IReadOnlyList<MigrationForecast> forecasts) => Page.Fill("ForecastPage.html", new Dictionary<string, string>
    {
        ["title"] = Page.Text(title),
        ["summary"] = Summary(forecasts),
        ["forecasts"] = string.Concat(forecasts.GroupBy(forecast => (forecast.Name, forecast.HostName, forecast.Destination)).Select(group => Section([.. group]))),
    });

    private static string Summary(IReadOnlyList<MigrationForecast> forecasts)
    {
        var plain = forecasts.Where(forecast => forecast.Strategy is MigrationStrategy.PreCopy).ToArray();
        var vms = Page.Count(forecasts.Select(forecast => (forecast.Name, forecast.HostName)).Distinct().Count(), "VM");
        return plain.Length == 0 ? $"{vms}." : $"{vms}; {plain.Count(forecast => forecast.Converges)} of {Page.Count(plain.Length, "pre-copy migration")} converge.";
    }

    private static string Section(MigrationForecast[] forecasts)
    {
        var first = forecasts[0];
        var name = first.Name ?? "A VM";
        var way = first.Destination is { } destination ? $"{name} from {first.HostName} to {destination}" : name;
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <section>
            <h2>{Page.Text(way)}</h2>
            <p class="soft">{new ByteSize(first.Curve.Memory)} of memory; measured: {Page.Text($"{first.Curve}")}. The line is what the VM changes, dashed what can be sent, dotted the maximum downtime: where the line is below a dashed one, pre-copy converges with that downtime.</p>
            <div class="wide" role="region" aria-label="Dirty curve: {Page.Text(way)}" tabindex="0">{new ForecastChart(forecasts).Draw(name)}</div>
            <div class="wide" role="region" aria-label="Forecasts: {Page.Text(way)}" tabindex="0"><table>
            <thead><tr><th scope="col">Strategy</th><th scope="col">Bandwidth</th><th scope="col">Maximum downtime</th><th scope="col">Likely</th><th scope="col">Time</th><th scope="col">Downtime</th><th scope="col">Sent</th><th scope="col">Forecast</th></tr></thead>
            <tbody>

            """);
        foreach (var forecast in forecasts)
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{forecast.Strategy}</th><td>{Rate(forecast)}</td><td>{(Duration)forecast.MaxDowntime}</td><td class=\"verdict {Class(forecast)}\">{Sign(forecast)} {forecast.Probability:P0}</td><td>{Duration.Format(forecast.TotalTime)}</td><td>{Duration.Format(forecast.Downtime)}</td><td>{ByteSize.Format(forecast.Transferred)}</td><td>{Page.Text(forecast.Summary)}</td></tr>\n");
        html.Append("</tbody></table></div>\n");
        foreach (var note in forecasts.SelectMany(forecast => forecast.Notes).Distinct())
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{Page.Text(note)}</p>\n");
        return html.Append("</section>\n").ToString();
    }

    private static string Rate(MigrationForecast forecast) =>
        $"{Bandwidth.FromBytes(forecast.Bandwidth)}{(forecast.BandwidthSource is { } source ? $" <span class=\"soft\">({Page.Text(source)})</span>" : "")}";

    private static string Class(MigrationForecast forecast) => forecast.Probability switch
    {
        >= 0.95 => "Pass",
        >= 0.5 => "Warning",
        _ => "Fail",
    };

    /// <summary>Colour alone tells nothing to some.</summary>
    private static string Sign(MigrationForecast forecast) => forecast.Probability switch
    {
        >= 0.95 => "✓",
        >= 0.5 => "!",
        _ => "✗",
    };
}
