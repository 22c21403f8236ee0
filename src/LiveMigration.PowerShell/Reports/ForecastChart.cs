using System.Globalization;
using System.Text;
using LiveMigration.Forecasting;
using LiveMigration.Units;
using static LiveMigration.PowerShell.Reports.TimeAxis;

namespace LiveMigration.PowerShell.Reports;

/// <summary>
/// A dirty curve beside what can be sent in the same time, both by the length of the period. Where the curve is below, pre-copy converges with
/// that downtime.
/// </summary>
internal sealed class ForecastChart
{
    private const double Height = 320;
    private const double Top = 10;
    private const double Bottom = Height - 30;
    private const double Start = 0.03;
    private const double End = 100;
    private const int Steps = 80;

    private static readonly double[] Times = [0.1, 0.3, 1, 3, 10, 30];

    private readonly DirtyCurve _curve;
    private readonly IReadOnlyList<MigrationForecast> _forecasts;
    private readonly double _least;

    /// <summary>A chart for forecasts of one curve.</summary>
    internal ForecastChart(IReadOnlyList<MigrationForecast> forecasts)
    {
        (_forecasts, _curve) = (forecasts, forecasts[0].Curve);
        var least = Math.Max(64 * 1024, Math.Min(_curve.DirtiedIn(TimeSpan.FromSeconds(Start)), Start * forecasts.Min(forecast => forecast.Bandwidth)));
        _least = Math.Min(least, _curve.Memory / 16.0);
    }

    internal string Draw(string name)
    {
        var svg = new StringBuilder();
        foreach (var time in Times)
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Number(X(time))}" x2="{Number(X(time))}" y1="{Top}" y2="{Bottom}"/><text class="mark" x="{Number(X(time))}" y="{Number(Bottom + 16)}">{(Duration)TimeSpan.FromSeconds(time)}</text>""");
        for (var size = Math.Pow(4, Math.Ceiling(Math.Log(_least, 4))); size <= _curve.Memory; size *= 4)
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Left}" x2="{Right}" y1="{Number(Y(size))}" y2="{Number(Y(size))}"/><text class="way" x="8" y="{Number(Y(size) + 4)}">{new ByteSize((long)size)}</text>""");
        foreach (var bandwidth in _forecasts.Select(forecast => forecast.Bandwidth).Distinct().Order())
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="planned" d="{Path(seconds => bandwidth * seconds)}"><title>What {Bandwidth.FromBytes(bandwidth)} can send.</title></path>""");
        foreach (var limit in _forecasts.Where(forecast => forecast.Strategy is not MigrationStrategy.RaiseDowntime).Select(forecast => forecast.MaxDowntime).Distinct().Order())
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="limit" x1="{Number(X(limit.TotalSeconds))}" x2="{Number(X(limit.TotalSeconds))}" y1="{Top}" y2="{Bottom}"><title>Maximum downtime: {(Duration)limit}.</title></line>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<path class="curve" d="{Path(seconds => _curve.DirtiedIn(TimeSpan.FromSeconds(seconds)))}"><title>What the VM changes.</title></path>""");
        foreach (var point in _curve.Points)
            svg.Append(CultureInfo.InvariantCulture, $"""<circle class="point" cx="{Number(X(point.Period.TotalSeconds))}" cy="{Number(Y(point.Dirtied))}" r="4"><title>Measured: {new ByteSize(point.Dirtied)} in {(Duration)point.Period}.</title></circle>""");
        return $"""
            <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="How much memory {Page.Text(name)} changes by the length of the period, and how much can be sent in it.">
            {svg}</svg>
            """;
    }

    private static double X(double seconds) => Left + (Right - Left) * Math.Clamp(Math.Log(seconds / Start) / Math.Log(End / Start), 0, 1);

    private double Y(double bytes) => Bottom - (Bottom - Top) * Math.Clamp(Math.Log(Math.Max(bytes, 1) / _least) / Math.Log(_curve.Memory / _least), 0, 1);

    private string Path(Func<double, double> bytes) => "M" + string.Join('L', Enumerable.Range(0, Steps + 1)
        .Select(step => Start * Math.Pow(End / Start, step / (double)Steps)).Select(seconds => $"{Number(X(seconds))} {Number(Y(bytes(seconds)))}"));
}
