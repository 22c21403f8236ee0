using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.Tests.Forecasting;

/// <summary>The curve of a guest whose pages are written by chance, each class at its own rate, is known exactly.</summary>
public sealed class DirtyCurveTests
{
    private const long MiB = 1 << 20;

    private static readonly double[] Periods = [0.1, 0.3, 1, 3, 10];
    private static readonly int[] Bandwidths = [60, 120, 240, 480];
    private static readonly int[] Limits = [100, 300, 900, 2700];

    [Theory]
    [InlineData(64, 2.0, 0, 0)]
    [InlineData(8, 50, 128, 0.05)]
    [InlineData(300, 0.7, 20, 9)]
    public void It_is_found_again_between_the_points_and_beyond(double hot, double hotRate, double cold, double coldRate)
    {
        double True(double seconds) => MiB * (hot * (1 - Math.Exp(-hotRate * seconds)) + cold * (1 - Math.Exp(-coldRate * seconds)));
        var curve = Curve(1024, [.. Periods.Select(period => (period, True(period) / MiB))]);
        foreach (var seconds in new[] { 0.1, 0.2, 0.5, 2, 6, 10 })
            Assert.InRange(curve.DirtiedIn(TimeSpan.FromSeconds(seconds)), 0.9 * True(seconds), 1.1 * True(seconds));
    }

    [Fact]
    public void It_never_falls_or_exceeds_the_memory_or_rises_faster_than_before_whatever_was_measured()
    {
        var random = new Random(7);
        for (var turn = 0; turn < 200; turn++)
        {
            var curve = Curve(256, [.. Periods.Select(period => (period, random.NextDouble() * random.Next(1, 400)))]);
            var (before, slope) = (0.0, double.PositiveInfinity);
            for (var seconds = 0.05; seconds < 60; seconds += 0.05)
            {
                var now = curve.After(seconds);
                Assert.InRange(now - before, -1, slope + 1);
                Assert.InRange(now, 0, 256 * MiB + 1);
                (before, slope) = (now, now - before);
            }
        }
    }

    [Fact]
    public void Repeated_measurements_are_pooled_and_more_exact()
    {
        var point = new DirtyPoint(TimeSpan.FromSeconds(1), 40 * MiB, 4 * MiB);
        var curve = DirtyCurve.FromPoints(256 * MiB, [point with { Dirtied = 30 * MiB }, point, point with { Dirtied = 50 * MiB }, point]);
        Assert.Equal(new DirtyPoint(TimeSpan.FromSeconds(1), 40 * MiB, 2 * MiB), Assert.Single(curve.Points));
    }

    [Fact]
    public void A_guest_that_writes_nothing_is_sent_once()
    {
        var forecast = Forecast(Curve(1024, [(1, 0), (3, 0)]), 100);
        Assert.Equal((1.0, 0, TimeSpan.Zero), (forecast.Probability, forecast.NeededThrottle, forecast.NeededDowntime));
        Assert.InRange(forecast.Transferred!.Value, 0.99 * 1024 * MiB, 1.01 * 1024 * MiB);
        Assert.Equal(2, forecast.Iterations);
    }

    [Fact]
    public void Memory_that_holds_nothing_and_disks_count_as_what_they_are()
    {
        var curve = Curve(1024, [(1, 1), (3, 2)]);
        var some = MigrationForecaster.Forecast(curve, Terms(100) with { MemoryInUse = 200 * MiB });
        var disks = MigrationForecaster.Forecast(curve, Terms(100) with { MemoryInUse = 200 * MiB, Disks = 500 * MiB });
        Assert.InRange(some.TotalTime!.Value.TotalSeconds, 1.8, 2.4);
        Assert.InRange((disks.TotalTime - some.TotalTime)!.Value.TotalSeconds, 4.9, 5.1);
        Assert.InRange(disks.Transferred!.Value, 700 * MiB, 712 * MiB);
    }

    [Fact]
    public void Without_end_all_remedies_are_named_with_what_they_take()
    {
        var forecast = Forecast(Curve(1024, [(0.1, 60), (0.3, 150), (1, 400), (3, 640), (10, 650)]), 100);
        Assert.False(forecast.Converges);
        Assert.Null(forecast.Downtime);
        Assert.Matches(@"^Does not converge with a downtime of 300 ms: in that time the VM changes 1\d\d(\.\d)? MiB, and 30 MiB can be sent\. It would with a downtime of 6\.\d s, or a VM slowed down by 8\d %, or a bandwidth of 5\d\d(\.\d)? MiB/s, or with post-copy\.$", forecast.Summary);
    }

    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        var curve = Curve(1024, [(1, 80), (3, 120)]);
        Assert.Equal(Forecast(curve, 100).Summary, Forecast(curve, 100).Summary);
    }

    [Fact]
    public void More_bandwidth_and_more_downtime_never_make_it_worse()
    {
        var curve = Curve(1024, [(0.1, 20), (0.3, 50), (1, 120), (3, 200), (10, 300)]);
        var byBandwidth = Bandwidths.Select(bandwidth => Forecast(curve, bandwidth)).ToArray();
        Assert.Equal(byBandwidth.OrderBy(one => one.Probability), byBandwidth);
        var ended = byBandwidth.Where(one => one.Converges).ToArray();
        Assert.True(ended.Length > 1);
        Assert.Equal(ended.OrderByDescending(one => one.TotalTime), ended);
        var byDowntime = Limits.Select(limit => MigrationForecaster.Forecast(curve, Terms(120) with { MaxDowntime = TimeSpan.FromMilliseconds(limit) })).ToArray();
        Assert.Equal(byDowntime.OrderBy(one => one.Probability), byDowntime);
    }

    [Fact]
    public void A_timeout_ends_what_would_take_longer_and_switches_post_copy_later()
    {
        var curve = Curve(1024, [(0.1, 20), (1, 100), (10, 300)]);
        Assert.Equal(0, MigrationForecaster.Forecast(curve, Terms(400) with { Timeout = TimeSpan.FromSeconds(2) }).Probability);
        var (first, later) = (PostCopy(null), PostCopy(TimeSpan.FromSeconds(15)));
        Assert.True(later.PostCopyRemaining < first.PostCopyRemaining, $"{later}");
        Assert.True(later.TotalTime > first.TotalTime);
        MigrationForecast PostCopy(TimeSpan? timeout) => MigrationForecaster.Forecast(
            curve, Terms(120) with { Strategy = MigrationStrategy.PostCopy, Timeout = timeout is { } time ? new Duration(time) : null });
    }

    [Fact]
    public void What_was_not_measured_is_told()
    {
        var second = new DirtyPoint(TimeSpan.FromSeconds(1), 40 * MiB, MiB);
        var curve = DirtyCurve.FromPoints(1024 * MiB, [second, second with { Dirtied = 60 * MiB }]);
        Assert.Equal(
            [
                "What the VM changes in 300 ms is extrapolated: the shortest period measured is 1 s.",
                "What the VM changes during the first pass (10.2 s) is extrapolated: the longest period measured is 1 s.",
                "The VM changed different amounts of memory when a period was measured again: its load is not steady.",
            ],
            Forecast(curve, 100).Notes);
        Assert.Empty(Forecast(Curve(1024, [(0.1, 5), (0.3, 9), (1, 20), (10, 90)]), 100).Notes);
    }

    [Fact]
    public void KVM_counts_less_as_dirtied_while_a_large_memory_is_sent()
    {
        var curve = DirtyCurve.FromPoints(16 * 1024 * MiB, [new(TimeSpan.FromSeconds(1), 10 * MiB), new(TimeSpan.FromSeconds(10), 95 * MiB), new(TimeSpan.FromSeconds(60), 500 * MiB)]);
        var (kvm, other) = (Forecast(curve, 200, kvm: true), Forecast(curve, 200, kvm: false));
        Assert.True(kvm.Transferred < other.Transferred, $"{kvm.Transferred} {other.Transferred}");
    }

    private static MigrationForecast Forecast(DirtyCurve curve, int bandwidth, bool kvm = false) => MigrationForecaster.Forecast(curve, Terms(bandwidth) with { Kvm = kvm });

    private static ForecastTerms Terms(int bandwidth) => new() { Bandwidth = Bandwidth.FromMebibytes(bandwidth), IsLimited = true, Kvm = false };

    private static DirtyCurve Curve(long memory, (double Seconds, double MiB)[] points) => DirtyCurve.FromPoints(
        memory * MiB, points.Select(point => new DirtyPoint(TimeSpan.FromSeconds(point.Seconds), (long)(point.MiB * MiB))));
}
