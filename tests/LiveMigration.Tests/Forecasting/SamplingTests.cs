using LiveMigration.Domains.DirtyPages;
using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.Tests.Forecasting;

/// <summary>libvirt has 512 pages of each GiB looked at: of a small VM 64. By chance a forecast from them can be off by a factor of two.</summary>
public sealed class SamplingTests
{
    private const int MiB = 1 << 20;
    private const int Pages = 64;

    private static readonly double[] Periods = [0.3, 1, 3, 10, 1];

    private const string Note = "Whether it converges is within the sampling error of the measurement: measure again, longer, or with -AllowMonitor, which samples more pages.";

    /// <summary>A guest of 128 MiB that writes this much of it, each page twice a second, over a link of 30 MiB/s.</summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(12, true)]
    [InlineData(18, true)] // 8 MiB in 300 ms, and 9 can be sent.
    [InlineData(23, false)] // 10.4 MiB.
    [InlineData(40, false)]
    [InlineData(90, false)]
    public void Where_the_error_decides_it_is_said_and_else_the_answer_is_right(int hot, bool converges)
    {
        var random = new Random(hot);
        var forecasts = Enumerable.Range(0, 24).Select(_ => Forecast(Sample(hot, random))).ToArray();
        var certain = Array.FindAll(forecasts, forecast => forecast.Probability is <= 0.05 or >= 0.95);
        var wrong = certain.Count(forecast => forecast.Converges != converges);

        Assert.InRange(wrong, 0, 0.1 * forecasts.Length);
        Assert.All(forecasts.Except(certain), forecast => Assert.Contains("% likely", forecast.Summary, StringComparison.Ordinal));
        Assert.InRange(forecasts.Count(forecast => forecast.Notes.Contains(Note)), 0.6 * (forecasts.Length - certain.Length), forecasts.Length);
        Assert.All(certain, forecast => Assert.DoesNotContain(Note, forecast.Notes));
    }

    private static MigrationForecast Forecast(DirtyCurve curve) => MigrationForecaster.Forecast(
        curve, new ForecastTerms { Bandwidth = Bandwidth.FromMebibytes(30), IsLimited = true, Kvm = false });

    [Fact]
    public void None_found_of_a_few_is_not_none()
    {
        Assert.InRange(SamplingError.Of(128L * MiB, 0, TimeSpan.FromSeconds(1), 512), 1.5 * MiB, 2.5 * MiB);
        Assert.InRange(SamplingError.Of(128L * MiB, 128L * MiB, TimeSpan.FromSeconds(1), 512), 1.5 * MiB, 2.5 * MiB);
        Assert.InRange(SamplingError.Of(128L * MiB, 0, TimeSpan.FromSeconds(1), 16384), 0, 0.5 * MiB);
    }

    private static DirtyCurve Sample(double hot, Random random) => DirtyCurve.FromPoints(128L * MiB, Periods.Select(seconds =>
    {
        var share = hot / 128 * (1 - Math.Exp(-2 * seconds));
        var found = Enumerable.Range(0, Pages).Count(_ => random.NextDouble() < share);
        // QEMU tells whole MiB/s.
        var dirtied = (long)(Math.Floor(found * 128.0 / Pages / seconds) * seconds * MiB);
        var period = TimeSpan.FromSeconds(seconds);
        return new DirtyPoint(period, dirtied, SamplingError.Of(128L * MiB, dirtied, period, 512));
    }));
}
