using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.Planning;
using LiveMigration.State;
using Microsoft.Extensions.Time.Testing;

namespace LiveMigration.Tests.Migration.History;

/// <summary>M8: what was moved, when, from where, how long, with what downtime and by whom, stays known.</summary>
public sealed class MigrationHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 22, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _clock = new(Start);

    private MigrationHistory History => new(new StateStore(_folder, RecordWriter.ThisProcess(), _clock));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Null(History.TryAdd(Result(), isForeign: false));
        Assert.Null(History.TryAdd(Result() with { Name = "db1", Uuid = Guid.NewGuid(), Outcome = MigrationOutcome.Failed, Verdict = MigrationVerdict.Stayed, Destination = null, Downtime = null, Transferred = null, Iterations = null, Encrypted = null, Error = "it failed: \"why\"\nand so on", Fault = Faults.MigrationFailed }, isForeign: true));

        var records = History.Read();

        Assert.Equal(
            new MigrationRecord
            {
                Name = "web1", Uuid = records[0].Uuid, Outcome = MigrationOutcome.Completed, Verdict = MigrationVerdict.Moved, Source = "a", Destination = "b", FinalName = "web2",
                Mode = MigrationMode.PeerToPeer, StartTime = Start, TotalTime = TimeSpan.FromSeconds(7), Downtime = TimeSpan.FromMilliseconds(215), Transferred = 123_456_789_012, Iterations = 3, PostCopy = true, Encrypted = false,
                User = $"{Environment.UserName}@{Environment.MachineName}",
            },
            records[0]);
        Assert.Equal(("db1", null, null, null, null, null, "it failed: \"why\"\nand so on", Faults.MigrationFailed.Id, true),
            (records[1].Name, records[1].Destination, records[1].Downtime, records[1].Transferred, records[1].Iterations, records[1].Encrypted, records[1].Error, records[1].ErrorId, records[1].IsForeign));
    }

    [Fact]
    public void What_was_forecast_and_what_was_learned_is_read_as_it_was_written()
    {
        var prediction = new MigrationPrediction
        {
            Strategy = MigrationStrategy.AutoConverge, Bandwidth = 31_457_280, BandwidthSource = "from 3 migrations in the last 30 days", CurveSource = "measured 5 min ago",
            MaxDowntime = Milliseconds(300), Probability = 0.98,
            TotalTime = Milliseconds(7000), TotalTimeLow = Milliseconds(6000), TotalTimeHigh = Milliseconds(9000),
            Downtime = Milliseconds(200), DowntimeLow = Milliseconds(100), DowntimeHigh = Milliseconds(250), FinalTransfer = Milliseconds(150),
            Transferred = 100, TransferredLow = 90, TransferredHigh = 120,
        };
        DirtyPoint[] passes = [new(Milliseconds(4000), 123_456_789, 4096), new(Milliseconds(700), 0, 0)];
        History.TryAdd(Result() with { Forecast = prediction, Memory = 1 << 28, ZeroMemory = 1 << 27, LinkRate = 40_000_000, Throttle = 30, DirtyFactor = 1.25, Passes = passes }, isForeign: false);
        History.TryAdd(Result() with { StartTime = Start.AddHours(1), Forecast = prediction with { Probability = 0, TotalTime = null, Transferred = null } }, isForeign: false);

        var records = History.Read();

        Assert.Equal(prediction, records[0].Forecast);
        Assert.Equal((1L << 28, 1L << 27, 40_000_000L, 30, 1.25), (records[0].Memory, records[0].ZeroMemory, records[0].LinkRate, records[0].Throttle, records[0].DirtyFactor));
        Assert.Equal(passes, records[0].Passes);
        Assert.Equal((false, null, null), (records[1].Forecast!.Converges, records[1].Forecast!.TotalTime, records[1].Forecast!.Transferred));
        Assert.Empty(History.Read(Start.AddHours(2)));
        Assert.Single(History.Read(Start.AddMinutes(30)));
    }

    /// <summary>The other migrations stay readable.</summary>
    [Fact]
    public void A_record_with_impossible_numbers_does_not_hide_the_others()
    {
        History.TryAdd(Result(), isForeign: false);
        using (var log = new StateStore(_folder, RecordWriter.ThisProcess(), _clock).Logs("history", "migration").TryOpen("2026-11"))
        {
            foreach (var (name, number) in new (string, long)[] { ("time", long.MaxValue), ("time", -1), ("time", 1000) })
            {
                log!.Append([
                    ("vm", "bad"), ("uuid", Guid.NewGuid().ToString()), ("outcome", "Completed"), ("verdict", "Moved"), ("from", "a"), ("to", "b"),
                    ("start", "2026-11-28T22:00:00Z"), (name, (FieldValue)(long?)number), ("downtime", (long?)long.MaxValue), ("rate", (long?)long.MaxValue), ("memory", (long?)-5),
                    ("passes", FieldValue.List([$"{long.MaxValue} 1 1", $"1000 {long.MaxValue} 1", "1000 5 1"])),
                    ("forecast", (long?)1), ("f-strategy", "PreCopy"), ("f-bandwidth", (long?)1), ("f-probability", (long?)100), ("f-limit", (long?)300), ("f-time", (long?)long.MaxValue),
                ]);
            }

            log!.Append([("vm", "old"), ("from", "a"), ("outcome", "Completed"), ("verdict", "Moved"), ("start", "0001-01-01T00:00:00Z"), ("time", (FieldValue)(long?)1)]);
            log.Append([("vm", "new"), ("from", "a"), ("outcome", "Completed"), ("verdict", "Moved"), ("start", "9999-12-31T23:59:59Z"), ("time", (FieldValue)(long?)1)]);
        }

        var records = History.Read();

        Assert.Equal(["bad", "web1"], records.Select(record => record.Name).Order());
        var bad = records.Single(record => record.Name == "bad");
        Assert.Equal((null, null, null, null), (bad.Downtime, bad.LinkRate, bad.Memory, bad.Forecast!.TotalTime));
        Assert.Equal([new DirtyPoint(TimeSpan.FromSeconds(1), 5, 1)], bad.Passes);
        Assert.Null(LinkExperience.Between(records, "a", "b", Start));
        Assert.Equal(long.MaxValue - 1, LinkExperience.Between(
            [bad with { LinkRate = long.MaxValue }, bad with { LinkRate = long.MaxValue - 2 }], "a", "b", Start.AddDays(1))!.Bandwidth.BytesPerSecond);
    }

    [Fact]
    public void A_forecast_that_a_later_version_wrote_is_left_out_and_its_migration_is_not()
    {
        History.TryAdd(Result(), isForeign: false);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "history"), "*.journal"));
        var fields = new RecordFields([("forecast", (FieldValue)(long?)2), ("f-strategy", "PreCopy"), ("f-bandwidth", (long?)1), ("f-probability", (long?)1), ("f-limit", (long?)1)]);

        Assert.Null(PredictionFields.Read(fields));
        Assert.NotNull(PredictionFields.Read(new RecordFields(fields.All.Skip(1).Prepend(("forecast", (long?)1)))));
        Assert.True(File.Exists(file));
        Assert.Null(Assert.Single(History.Read()).Forecast);
    }

    [Fact]
    public void What_several_processes_saw_of_one_migration_is_one()
    {
        var own = Record();
        var watched = own with { IsForeign = true, StartTime = Start.AddSeconds(2), TotalTime = TimeSpan.FromSeconds(5.2), Downtime = null };
        var back = own with { Source = "b", Destination = "a", StartTime = Start.AddMinutes(1) };
        var other = watched with { Uuid = Guid.NewGuid() };
        var later = watched with { StartTime = Start.AddHours(1) };

        Assert.Equal([own, back], MigrationHistory.Distinct([watched, back, own]));
        Assert.Equal([watched], MigrationHistory.Distinct([watched, watched with { StartTime = Start.AddSeconds(3), TotalTime = TimeSpan.FromSeconds(4) }]));
        Assert.Equal([own, other, later], MigrationHistory.Distinct([own, other, later]));
        // Right after one that failed, another tool tries.
        var retried = watched with { StartTime = Start.AddSeconds(7.5), TotalTime = TimeSpan.FromSeconds(1) };
        Assert.Equal([own, retried], MigrationHistory.Distinct([own, retried]));
        // A retry of a migration that failed at once is another migration.
        Assert.Equal(2, MigrationHistory.Distinct([own, own with { StartTime = Start.AddSeconds(8) }]).Count);
    }

    [Fact]
    public void It_goes_back_24_months()
    {
        History.TryAdd(Result(), isForeign: false);
        _clock.Advance(TimeSpan.FromDays(700));
        History.TryAdd(Result() with { StartTime = Start.AddDays(700) }, isForeign: false);
        Assert.Equal(2, History.Read().Count);
        _clock.Advance(TimeSpan.FromDays(60));
        History.TryAdd(Result() with { StartTime = Start.AddDays(760) }, isForeign: false);
        Assert.Equal([700, 760], History.Read().Select(record => (int)(record.StartTime - Start).TotalDays));
    }

    [Fact]
    public void A_clock_that_is_wrong_once_costs_nothing()
    {
        History.TryAdd(Result(), isForeign: false);
        File.WriteAllText(Path.Combine(_folder, "history", "00notes.journal"), "not ours");
        _clock.Advance(TimeSpan.FromDays(70 * 365));
        History.TryAdd(Result() with { Name = "wrong" }, isForeign: false);
        Assert.Equal(["web1", "wrong"], History.Read().Select(record => record.Name).Order());
        Assert.True(File.Exists(Path.Combine(_folder, "history", "00notes.journal")));
    }

    [Fact]
    public void Damage_and_what_a_later_version_writes_is_left_out()
    {
        History.TryAdd(Result(), isForeign: false);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "history"), "*.journal"));
        File.AppendAllText(file, "what is this\n");
        History.TryAdd(Result() with { StartTime = Start.AddDays(1) }, isForeign: false);
        File.WriteAllBytes(Path.Combine(_folder, "history", "2026-10.journal"), [0, 1, 2, 3, 10, 255]);

        Assert.Equal(2, History.Read().Count);
    }

    [Fact]
    public void Processes_that_write_at_once_lose_nothing()
    {
        Parallel.For(0, 16, at => Assert.Null(History.TryAdd(Result() with { StartTime = Start.AddDays(at) }, isForeign: false)));
        Assert.Equal(16, History.Read().Count);
    }

    [Fact]
    public void A_migration_has_ended_whether_or_not_it_can_be_written_down()
    {
        File.WriteAllText(Path.Combine(_folder, "history"), "a file where a folder should be");
        Assert.Contains("web1", History.TryAdd(Result(), isForeign: false), StringComparison.Ordinal);
        Assert.Empty(History.Read());
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private static MigrationResult Result() => new()
    {
        Name = "web1", Uuid = Given.Domain().Uuid, Outcome = MigrationOutcome.Completed, Source = "a", Destination = "b", Verdict = MigrationVerdict.Moved, FinalName = "web2",
        Mode = MigrationMode.PeerToPeer, Encrypted = false, StartTime = Start, TotalTime = TimeSpan.FromSeconds(7), Downtime = TimeSpan.FromMilliseconds(215), Transferred = 123_456_789_012,
        Iterations = 3, PostCopy = true, Settings = MigrationOptions.Default,
    };

    private static MigrationRecord Record() => new()
    {
        Name = "web1", Uuid = Given.Domain().Uuid, Outcome = MigrationOutcome.Completed, Verdict = MigrationVerdict.Moved, Source = "a", Destination = "b", FinalName = "web1",
        StartTime = Start, TotalTime = TimeSpan.FromSeconds(7), User = "root@admin1",
    };
}
