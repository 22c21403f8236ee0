using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Migration;
using LiveMigration.Migration.History;

namespace LiveMigration.Tests.Migration.History;

/// <summary>How good forecasts were, from what was written down of each migration.</summary>
public sealed class ForecastScoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 22, 0, 0, TimeSpan.Zero);
    private static readonly Guid Web1 = Guid.Parse("62d7d518-4b7a-413d-8642-55bdb8187847");

    [Fact]
    public void Errors_are_relative_to_what_was_measured()
    {
        // 10 forecasts of 10 s: nine took as long, one 20 s.
        var records = Enumerable.Range(1, 10).Select(at => Record(seconds: at == 10 ? 20 : 10)).ToArray();
        var score = ForecastScore.Of(records);

        Assert.Equal((10, 0, 0, 1.0), (score.Count, score.WithoutForecast, score.NotComparable, score.Right!.Value));
        Assert.Equal(0.05, score.TimeError!.Value, 6);
        Assert.Equal(0, score.TimeError90!.Value, 6);
        Assert.Equal(0.9, score.TimeInBand!.Value, 6);
        Assert.Equal(0.5, ForecastScore.Of(records[1..]).TimeError90!.Value, 6);
        Assert.Equal((0.5, 1.0, TimeSpan.FromMilliseconds(100)), (score.DowntimeError!.Value, score.DowntimeInBand!.Value, score.DowntimeOff!.Value));
        Assert.Equal((0.25, 0.0), (score.BytesError!.Value, score.BytesInBand!.Value));
    }

    [Fact]
    public void Convergence_is_a_matrix()
    {
        MigrationRecord[] records =
        [
            Record(),
            Record() with { Outcome = MigrationOutcome.Failed, ErrorId = Faults.Timeout.Id }, // Promised.
            Record() with { PostCopy = true }, // Promised, and forced.
            Record(converges: false), // Warned.
            Record(converges: false) with { Outcome = MigrationOutcome.Failed, ErrorId = Faults.NotConverging.Id },
        ];
        var score = ForecastScore.Of(records);

        Assert.Equal((1, 2, 1, 1), (score.Converged, score.FalselyPromised, score.FalselyWarned, score.NotConverged));
        Assert.Equal(0.4, score.Right);
        // Where it was wrong about that, there is no time to compare.
        Assert.Equal(0, score.TimeError);
    }

    [Fact]
    public void What_says_nothing_about_convergence_is_counted_and_not_compared()
    {
        MigrationRecord[] records =
        [
            Record() with { Outcome = MigrationOutcome.Cancelled, ErrorId = Faults.Stopped.Id },
            Record() with { Outcome = MigrationOutcome.Failed, ErrorId = Faults.StreamBroken.Id },
            Record() with { Throttle = 40 },
            Record() with { Forecast = null },
        ];
        var score = ForecastScore.Of(records);

        Assert.Equal((0, 1, 3), (score.Count, score.WithoutForecast, score.NotComparable));
        Assert.Equal((null, null, null, null), (score.Right, score.TimeError, score.TimeInBand, score.DowntimeOff));
    }

    [Fact]
    public void Each_VM_is_counted_under_its_latest_name()
    {
        var other = Record() with { Name = "db1", Uuid = Guid.NewGuid() };
        var renamed = Record() with { Name = "web9", StartTime = Start.AddDays(1) };

        Assert.Equal([("db1", 1), ("web9", 2)], ForecastScore.OfEach([Record(), other, renamed]).Select(score => (score.Name!, score.Count)));
    }

    private static MigrationRecord Record(double seconds = 10, bool converges = true) => new()
    {
        Name = "web1", Uuid = Web1, Outcome = MigrationOutcome.Completed, Verdict = MigrationVerdict.Moved, Source = "a", Destination = "b", FinalName = "web1",
        StartTime = Start, TotalTime = TimeSpan.FromSeconds(seconds), Downtime = TimeSpan.FromMilliseconds(200), Transferred = 400, User = "root@admin1",
        Forecast = new MigrationPrediction
        {
            Strategy = MigrationStrategy.PreCopy, Bandwidth = 1, BandwidthSource = "-Bandwidth", CurveSource = "measured", MaxDowntime = TimeSpan.FromMilliseconds(300),
            Probability = converges ? 1 : 0,
            TotalTime = Seconds(10), TotalTimeLow = Seconds(9), TotalTimeHigh = Seconds(11),
            Downtime = Seconds(0.1), DowntimeLow = Seconds(0.05), DowntimeHigh = Seconds(0.3),
            Transferred = converges ? 500 : null, TransferredLow = 450, TransferredHigh = 600,
        },
    };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
