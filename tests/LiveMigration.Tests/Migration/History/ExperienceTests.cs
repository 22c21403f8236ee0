using LiveMigration.Domains.DirtyPages;
using LiveMigration.Forecasting;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration.History;

/// <summary>What earlier migrations have shown goes into the next forecast, and the forecast says so.</summary>
public sealed class ExperienceTests
{
    private const long MiB = 1 << 20;

    private static readonly DateTimeOffset Now = new(2026, 11, 28, 22, 0, 0, TimeSpan.Zero);

    private readonly Guid _vm = Guid.NewGuid();

    [Fact]
    public void What_the_devices_take_is_the_downtime_without_what_was_sent_in_it()
    {
        MigrationRecord[] records = [Record(1, downtime: 180, sending: 100), Record(2, downtime: 260, sending: 200), Record(3, downtime: 90, sending: null) with { PostCopy = true }];

        Assert.Equal(80, GuestExperience.Of(records, _vm, Now)!.DeviceTime!.Value.TotalMilliseconds);
        // No longer than any downtime; and one that was shorter than what was to be sent in it says nothing.
        Assert.Equal(50, GuestExperience.Of([.. records, Record(4, downtime: 50, sending: 90)], _vm, Now)!.DeviceTime!.Value.TotalMilliseconds);
        Assert.Null(GuestExperience.Of([Record(1, downtime: 200, sending: null)], _vm, Now)!.DeviceTime);
    }

    [Fact]
    public void Another_VM_and_what_is_long_ago_teach_nothing()
    {
        Assert.Null(GuestExperience.Of([Record(1) with { Uuid = Guid.NewGuid() }, Record(91)], _vm, Now));
        Assert.Null(GuestExperience.Of([Record(1) with { Uuid = Guid.Empty }], Guid.Empty, Now));
    }

    [Fact]
    public void A_forecast_uses_what_was_learned_and_says_so()
    {
        var experience = GuestExperience.Of([Record(1, downtime: 700, sending: 100) with { Memory = 1000 * MiB, ZeroMemory = 900 * MiB, DirtyFactor = 2 }, Record(2) with { DirtyFactor = 2 }], _vm, Now)!;
        var curve = DirtyCurve.FromPoints(1000 * MiB, [new DirtyPoint(TimeSpan.FromSeconds(1), 5 * MiB, MiB), new DirtyPoint(TimeSpan.FromSeconds(10), 20 * MiB, MiB)]);
        var terms = new ForecastTerms { Bandwidth = Bandwidth.FromMebibytes(50), IsLimited = true };

        var before = MigrationForecaster.Forecast(curve, terms);
        var after = MigrationForecaster.Forecast(curve, experience.ApplyTo(terms));

        Assert.InRange(after.Downtime!.Value.TotalSeconds, 0.5, 0.9);
        Assert.InRange(before.Downtime!.Value.TotalSeconds, 0.01, 0.4);
        Assert.InRange(after.Transferred!.Value, 90 * MiB, 200 * MiB);
        Assert.InRange(before.Transferred!.Value, 900 * MiB, 1200 * MiB);
        Assert.Equal(2 * before.Curve.Points[1].Dirtied, after.Curve.Points[1].Dirtied);
        Assert.Contains("Learned from 2 migrations of this VM: its devices take 600 ms of the downtime, 90 % of its memory is zeros, it changes 2.0 times what sampling finds.", after.Notes);
        Assert.DoesNotContain(before.Notes, note => note.StartsWith("Learned", StringComparison.Ordinal));
        // What was looked at now counts before what was seen then.
        Assert.Equal(MiB, experience.ApplyTo(terms with { MemoryInUse = MiB }).MemoryInUse);
        // Passes are not samples.
        Assert.Equal(1, experience.ApplyTo(terms, sampled: false).DirtyFactor);
    }

    [Fact]
    public void The_link_is_what_migrations_between_two_hosts_were_sent_with()
    {
        MigrationRecord[] records =
        [
            Record(1) with { LinkRate = 30 * MiB }, Record(2) with { LinkRate = 40 * MiB, Source = "b", Destination = "a" }, Record(3) with { LinkRate = 90 * MiB },
            Record(4), // Limited, or too short.
            Record(31) with { LinkRate = MiB }, Record(1) with { LinkRate = MiB, Destination = "c" },
        ];
        var link = LinkExperience.Between(records, "a", "b", Now)!;

        Assert.Equal((40 * MiB, "from 3 migrations in the last 30 days"), (link.Bandwidth.BytesPerSecond, link.Source));
        Assert.Null(LinkExperience.Between(records, "b", "c", Now));
    }

    [Fact]
    public void A_migration_that_was_stopped_does_not_tell_how_much_is_zeros()
    {
        var whole = Record(2) with { Memory = 1000 * MiB, ZeroMemory = 900 * MiB };
        var stopped = Record(1) with { Memory = 1000 * MiB, ZeroMemory = 10 * MiB, Outcome = MigrationOutcome.Failed };

        Assert.Equal(0.9, GuestExperience.Of([whole, stopped], _vm, Now)!.ZeroShare!.Value, 3);
        Assert.Null(GuestExperience.Of([stopped], _vm, Now)!.ZeroShare);
    }

    [Fact]
    public void Nothing_is_forecast_where_the_link_or_the_guest_is_not_known()
    {
        Assert.Null(Predict(MigrationOptions.Default, Record(1) with { LinkRate = 40 * MiB }));
        Assert.Null(Predict(MigrationOptions.Default, Record(1) with { Passes = Passes }));
        Assert.Null(Predict(MigrationOptions.Default with { Offline = true }, Record(1) with { Passes = Passes, LinkRate = 40 * MiB }));
    }

    [Fact]
    public void A_migration_is_forecast_from_the_passes_of_the_one_before()
    {
        var made = Predict(MigrationOptions.Default, Record(2) with { Passes = Passes, LinkRate = 40 * MiB, Memory = 256 * MiB, ZeroMemory = 156 * MiB })!;

        Assert.False(made.Sampled);
        Assert.True(made.Prediction.Converges);
        Assert.InRange(made.Prediction.TotalTime!.Value.TotalSeconds, 3, 7); // 100 MiB at 40 MiB/s, and a second besides.
        Assert.Equal(("from 1 migration in the last 30 days", "the passes of its migration 2 days ago"), (made.Prediction.BandwidthSource, made.Prediction.CurveSource));
    }

    [Fact]
    public void What_was_measured_in_this_session_counts_before_that_and_a_limit_before_the_link()
    {
        RecentDirtyRates.Add(_vm, Rate(90, -5)); // That was 90 minutes ago.
        RecentDirtyRates.Add(_vm, Rate(5, 100));
        var options = MigrationOptions.Default with { Bandwidth = Bandwidth.FromMebibytes(20), MaxDowntime = TimeSpan.FromMilliseconds(100), AutoConverge = true };
        var made = Predict(options, Record(2) with { Passes = Passes, LinkRate = 40 * MiB })!;

        Assert.Equal((true, "measured 5 min ago", "-Bandwidth", 20 * MiB), (made.Sampled, made.Prediction.CurveSource, made.Prediction.BandwidthSource, made.Prediction.Bandwidth));
        Assert.Equal((MigrationStrategy.AutoConverge, TimeSpan.FromMilliseconds(100)), (made.Prediction.Strategy, made.Prediction.MaxDowntime));
        // A limit above what the link takes does not make it faster.
        Assert.Equal(40 * MiB, Predict(options with { Bandwidth = Bandwidth.FromMebibytes(500) }, Record(2) with { LinkRate = 40 * MiB })!.Prediction.Bandwidth);
    }

    [Fact]
    public void The_factor_compares_the_passes_with_the_curve_in_the_same_periods()
    {
        var curve = DirtyCurve.FromPoints(256 * MiB, [new DirtyPoint(TimeSpan.FromSeconds(1), 10 * MiB), new DirtyPoint(TimeSpan.FromSeconds(3), 30 * MiB)]);

        Assert.Equal(1.5, MigrationPredictor.FactorOf(curve, [new DirtyPoint(TimeSpan.FromSeconds(1), 15 * MiB), new DirtyPoint(TimeSpan.FromSeconds(3), 45 * MiB)])!.Value, 1);
        Assert.Null(MigrationPredictor.FactorOf(curve, [new DirtyPoint(TimeSpan.FromMilliseconds(50), 15 * MiB)])); // Of that the curve is a guess.
        Assert.Null(MigrationPredictor.FactorOf(curve, [new DirtyPoint(TimeSpan.FromSeconds(1), MiB)]));
        Assert.Null(MigrationPredictor.FactorOf(curve, []));
        // By chance it could be twice as much, or nothing.
        var vague = DirtyCurve.FromPoints(256 * MiB, [new DirtyPoint(TimeSpan.FromSeconds(1), 10 * MiB, 4 * MiB)]);
        Assert.Null(MigrationPredictor.FactorOf(vague, [new DirtyPoint(TimeSpan.FromSeconds(1), 15 * MiB)]));
    }

    private static IReadOnlyList<DirtyPoint> Passes => [new DirtyPoint(TimeSpan.FromSeconds(3), 20 * MiB, MiB), new DirtyPoint(TimeSpan.FromSeconds(0.5), 4 * MiB, MiB)];

    private MigrationPredictor.Made? Predict(MigrationOptions options, params MigrationRecord[] records) => MigrationPredictor.Predict(
        new MigratingGuest("web1", _vm, "a") { MaxMemory = 256 * MiB, Executes = true }, "b", options, policy: null, disks: 0, records, Now);

    private static DirtyRate Rate(int minutesAgo, long mebibytes) => new()
    {
        Name = "web1", HostName = "a", Mode = DirtyRateMode.PageSampling, Time = Now.AddMinutes(-minutesAgo), Period = TimeSpan.FromSeconds(1), Rate = mebibytes * MiB,
        PagesPerSecond = mebibytes * 256, ShareOfMemory = null,
    };

    private MigrationRecord Record(int daysAgo, double? downtime = null, double? sending = null) => new()
    {
        Name = "web1", Uuid = _vm, Outcome = MigrationOutcome.Completed, Verdict = MigrationVerdict.Moved, Source = "a", Destination = "b", FinalName = "web1",
        StartTime = Now.AddDays(-daysAgo), TotalTime = TimeSpan.FromSeconds(7), User = "root@admin1",
        Downtime = downtime is { } pause ? TimeSpan.FromMilliseconds(pause) : null,
        Forecast = sending is not { } sent ? null : new MigrationPrediction
        {
            Strategy = MigrationStrategy.PreCopy, Bandwidth = 1, BandwidthSource = "", CurveSource = "", MaxDowntime = TimeSpan.FromMilliseconds(300), Probability = 1,
            FinalTransfer = TimeSpan.FromMilliseconds(sent),
        },
    };
}
