using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.Tests.Forecasting;

/// <summary>
/// Guests of known behaviour that were sampled and then migrated, on QEMU 10.0: 256 MiB, of which 220 were not zero, one processor, emulated,
/// and a limited bandwidth.
/// </summary>
public sealed class MeasuredGuestTests
{
    private const int MiB = 1 << 20;

    private static readonly double[] Periods = [0.1, 0.3, 1, 3, 8];

    /// <summary>MiB dirtied in each period.</summary>
    private static readonly Dictionary<char, double[]> Guests = new()
    {
        ['A'] = [8.8, 11.4, 19, 42, 72], ['C'] = [3.8, 10.5, 35, 75, 112], ['D'] = [18.7, 34.8, 45, 66, 96], ['E'] = [24, 46, 65, 63, 64], ['F'] = [2.1, 1.8, 4, 9, 32],
    };

    [Theory]
    [InlineData('A', 40, 300, 8.8)]
    [InlineData('D', 60, 650, 6.2)]
    [InlineData('D', 60, 900, 5.0)]
    [InlineData('F', 30, 300, 8.9)]
    public void It_ends_about_when_the_guest_did(char guest, int megabytes, int downtime, double seconds)
    {
        var forecast = Forecast(guest, megabytes, downtime);
        Assert.True(forecast.Converges, forecast.Summary);
        Assert.InRange(forecast.TotalTime!.Value.TotalSeconds, 0.9 * seconds, 1.35 * seconds);
    }

    [Theory]
    [InlineData('C', 30, 2.0)]
    [InlineData('D', 60, 0.59)]
    [InlineData('E', 60, 1.0)]
    public void It_never_ends_and_the_downtime_that_ends_it_is_told(char guest, int megabytes, double floor)
    {
        var forecast = Forecast(guest, megabytes, 300);
        Assert.True(forecast.Probability < 0.1, forecast.Summary);
        Assert.Null(forecast.TotalTime);
        Assert.InRange(forecast.NeededDowntime!.Value.TotalSeconds, 0.7 * floor, 1.35 * floor);
        var raised = Forecast(guest, megabytes, 300, MigrationStrategy.RaiseDowntime);
        Assert.True(raised.Converges, raised.Summary);
        Assert.True(raised.MaxDowntime >= forecast.NeededDowntime);
    }

    [Fact]
    public void What_is_as_likely_as_not_is_not_told_for_certain() =>
        Assert.InRange(Forecast('A', 80, 100).Probability, 0.2, 0.8); // It ended after 3.9 s.

    [Fact]
    public void Auto_converge_ends_with_the_throttle_that_QEMU_ended_with()
    {
        var forecast = Forecast('D', 60, 300, MigrationStrategy.AutoConverge);
        Assert.InRange(forecast.Throttle!.Value, 60, 80); // 70 % after 18 s.
        Assert.InRange(forecast.TotalTime!.Value.TotalSeconds, 12, 24);
        Assert.InRange(Forecast('D', 60, 300).NeededThrottle, 65, 75);
    }

    [Theory]
    [InlineData('C')]
    [InlineData('E')]
    public void Post_copy_and_a_pause_send_the_rest_of_the_first_pass(char guest)
    {
        var (postCopy, suspend) = (Forecast(guest, 60, 300, MigrationStrategy.PostCopy), Forecast(guest, 60, 300, MigrationStrategy.Suspend));
        var rest = Curve(guest).DirtiedIn(TimeSpan.FromSeconds(220.0 * MiB / 60e6));
        Assert.Equal(1, postCopy.Probability);
        Assert.InRange(postCopy.PostCopyRemaining!.Value, 0.7 * rest, 1.4 * rest);
        Assert.True(postCopy.Downtime < TimeSpan.FromMilliseconds(150));
        Assert.InRange(suspend.Downtime!.Value.TotalSeconds, 0.7 * rest / 60e6, 1.4 * rest / 60e6 + 0.1);
    }

    private static MigrationForecast Forecast(char guest, int megabytes, int downtime, MigrationStrategy strategy = MigrationStrategy.PreCopy) =>
        MigrationForecaster.Forecast(Curve(guest), new ForecastTerms
        {
            Bandwidth = Bandwidth.FromBytes(megabytes * 1_000_000L),
            Link = Bandwidth.FromBytes(megabytes * 1_000_000L),
            IsLimited = true,
            MaxDowntime = TimeSpan.FromMilliseconds(downtime),
            Strategy = strategy,
            MemoryInUse = 220 * MiB,
            Kvm = false,
            Qemu = new Version(10, 0, 2),
        });

    private static DirtyCurve Curve(char guest) => DirtyCurve.FromPoints(
        256 * MiB, Guests[guest].Select((mebibytes, index) => new DirtyPoint(TimeSpan.FromSeconds(Periods[index]), (long)(mebibytes * MiB))));
}
