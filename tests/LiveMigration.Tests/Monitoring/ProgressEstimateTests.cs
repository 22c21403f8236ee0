using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Tests.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring;

public sealed class ProgressEstimateTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Before_anything_is_known_it_is_at_the_start() =>
        Assert.Equal((MigrationPhase.Starting, 0), (new ProgressEstimate().Latest.Phase, new ProgressEstimate().Latest.Percent));

    /// <summary>libvirt's answer before QEMU has begun, and one without any number.</summary>
    [Theory]
    [InlineData(0L)]
    [InlineData(null)]
    public void What_is_not_known_is_not_0(long? said)
    {
        var progress = Add(new ProgressEstimate(), new MigrationStatistics
        {
            Total = said, Transferred = said, Remaining = said, MemoryTotal = said, MemoryRemaining = said, Iteration = said,
        });

        Assert.Equal((null, null, null, null), (progress.Transferred, progress.Remaining, progress.Total, progress.Iteration));
        Assert.Equal((0, null), (progress.Percent, progress.TimeLeft));
        Assert.Equal((null, null, null, null), (new ProgressEstimate().Latest.Transferred, new ProgressEstimate().Latest.Remaining, new ProgressEstimate().Latest.Total, new ProgressEstimate().Latest.Iteration));
    }

    [Fact]
    public void A_sample_becomes_a_progress()
    {
        var progress = Add(new ProgressEstimate(), Sample(total: 1000, remaining: 250) with { ExpectedDowntime = TimeSpan.FromMilliseconds(300), Throttle = 30 });
        Assert.Equal(75, progress.Percent);
        Assert.Equal((new ByteSize(750 * MiB), new ByteSize(250 * MiB), new ByteSize(1000 * MiB)), (progress.Transferred, progress.Remaining, progress.Total));
        Assert.Equal((100L << 20, null), (progress.Rate, progress.DirtyRate));
        Assert.Equal((TimeSpan.FromMilliseconds(300), 30), (progress.ExpectedDowntime, progress.Throttle));
        Assert.Equal(TimeSpan.FromSeconds(5), progress.Elapsed);
    }

    /// <summary>What a pass that nobody saw begin has left is what was written, not all there was.</summary>
    [Fact]
    public void A_migration_that_is_joined_late_is_told_in_the_passes_that_it_is_in()
    {
        var (joined, said) = (new ProgressEstimate(joined: true), new List<(double At, MigrationProgress Progress)>());
        var run = new SimulatedMigration(1024, 60, new Pages(500, 0.06), new Pages(8, 10))
        {
            Seen = sample =>
            {
                if (sample.Iteration >= 4)
                {
                    said.Add((sample.Elapsed.TotalSeconds, joined.Add(
                        new MigrationStatistics
                        {
                            Total = 1024 * MiB, Transferred = sample.Transferred!.Value.Bytes, Remaining = sample.Remaining!.Value.Bytes,
                            MemoryRate = sample.Rate!.Value.BytesPerSecond, Iteration = sample.Iteration,
                        },
                        MigrationPhase.Copying, sample.Elapsed)));
                }
            },
        }.Run(new MigrationPolicy { Name = "nothing" });

        Assert.Equal(4, said[0].Progress.Iteration);
        var late = said.Where(one => one.Progress.Iteration >= 6).ToList();
        Assert.NotEmpty(late);
        Assert.All(late, one => Assert.InRange(one.At + one.Progress.TimeLeft!.Value.TotalSeconds, run.Seconds - 1.5, run.Seconds + 1.5));
    }

    /// <summary>A busy machine looks late: what the first sample counts need not be the first pass.</summary>
    [Theory]
    [InlineData(null, 6L, 1)]
    [InlineData(5L, 6L, 2)]
    [InlineData(1L, 3L, 3)]
    public void The_first_pass_is_the_one_that_began_first(long? began, long counted, int pass)
    {
        var estimate = new ProgressEstimate();
        estimate.PassBegan(began);
        Assert.Equal(pass, Add(estimate, Sample(1000, 600) with { Iteration = counted }).Iteration);
        Assert.Equal(pass + 2, estimate.PassOf(counted + 2));
    }

    [Fact]
    public void The_count_begins_once_more_where_QEMU_sets_it_back()
    {
        var estimate = new ProgressEstimate();
        estimate.PassBegan(5);
        estimate.PassBegan(1);
        Assert.Equal((null, 1, 2), (estimate.PassOf(0), estimate.PassOf(1), estimate.PassOf(2)));
        Assert.Null(new ProgressEstimate().PassOf(3));
        Assert.Equal(3, new ProgressEstimate(joined: true).PassOf(3));
    }

    [Fact]
    public void Memory_stands_for_all_data_where_there_is_nothing_else()
    {
        var job = new MigrationStatistics { MemoryTotal = 100, MemoryTransferred = 60, MemoryRemaining = 40 };
        var progress = Add(new ProgressEstimate(), job);
        Assert.Equal((60, new ByteSize(60), new ByteSize(40)), (progress.Percent, progress.Transferred, progress.Remaining));
    }

    [Fact]
    public void A_downtime_that_was_measured_is_not_one_that_is_expected() =>
        Assert.Null(Add(new ProgressEstimate(), Sample(1000, 0) with { Downtime = TimeSpan.FromMilliseconds(200) }).ExpectedDowntime);

    [Fact]
    public void Percent_never_runs_back_and_is_100_only_in_the_end()
    {
        var random = new Random(20);
        for (var series = 0; series < 500; series++)
        {
            var estimate = new ProgressEstimate();
            var last = 0;
            for (var sample = 0; sample < 20; sample++)
            {
                var total = random.Next(3) == 0 ? 0 : random.NextInt64(1L << random.Next(1, 40));
                var job = Sample(total, remaining: random.NextInt64(2 * total + 1)) with { Iteration = random.Next(5) };
                var progress = random.Next(4) == 0
                    ? estimate.Enter((MigrationPhase)random.Next(5), TimeSpan.Zero)
                    : estimate.Add(job, (MigrationPhase)random.Next(5), TimeSpan.Zero);
                Assert.InRange(progress.Percent, last, 99);
                Assert.Same(progress, estimate.Latest);
                last = progress.Percent;
            }

            Assert.Equal(last, estimate.Enter(MigrationPhase.Verifying, TimeSpan.Zero).Percent);
            Assert.Equal(100, estimate.Enter(MigrationPhase.Ended, TimeSpan.Zero, complete: true).Percent);
        }
    }

    [Fact]
    public void A_migration_that_failed_does_not_end_at_100()
    {
        var estimate = new ProgressEstimate();
        Add(estimate, Sample(1000, 600));
        Assert.Equal(40, estimate.Enter(MigrationPhase.Ended, TimeSpan.Zero).Percent);
    }

    [Theory]
    [InlineData(1000, 100, 0, 10.0)]
    [InlineData(1000, 100, 50, 20.0)]
    [InlineData(0, 100, 50, 0.0)]
    [InlineData(1000, 100, 100, null)]
    [InlineData(1000, 100, 200, null)]
    [InlineData(1000, 0, 0, null)]
    [InlineData(1000, 0, 50, null)]
    public void Time_left_is_what_remains_by_what_is_gained(long remaining, long rate, long dirtied, double? seconds)
    {
        var progress = Add(new ProgressEstimate(), Sample(2000, remaining, rate, dirtied));
        Assert.Equal(seconds, progress.TimeLeft?.TotalSeconds);
    }

    [Fact]
    public void A_month_left_is_not_worth_telling() =>
        Assert.Null(Add(new ProgressEstimate(), Sample(1L << 40, 1L << 40, rate: 100, dirtied: 99)).TimeLeft);

    [Fact]
    public void What_the_guest_dirties_counts_only_while_it_runs_here()
    {
        var job = Sample(2000, 1000, rate: 100, dirtied: 200);
        Assert.Null(new ProgressEstimate().Add(job, MigrationPhase.Copying, TimeSpan.Zero).TimeLeft);
        Assert.Equal(TimeSpan.FromSeconds(10), new ProgressEstimate().Add(job, MigrationPhase.Switching, TimeSpan.Zero).TimeLeft);
        Assert.Equal(TimeSpan.FromSeconds(10), new ProgressEstimate().Add(job, MigrationPhase.PostCopy, TimeSpan.Zero).TimeLeft);
    }

    [Fact]
    public void A_dirty_rate_of_0_is_one_that_QEMU_has_not_measured() =>
        Assert.Null(Add(new ProgressEstimate(), Sample(1000, 500) with { DirtyRate = 0 }).DirtyRate);

    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, "1 2 3")]
    [InlineData(new long[] { 8, 8, 9, 12 }, "1 1 2 5")]
    [InlineData(new long[] { 0, 1, 2 }, " 1 2")]
    public void Iterations_are_counted_from_the_first_that_is_seen(long[] counted, string shown)
    {
        var estimate = new ProgressEstimate();
        Assert.Equal(shown, string.Join(' ', counted.Select(iteration => Add(estimate, Sample(1000, 500) with { Iteration = iteration }).Iteration)));
    }

    [Fact]
    public void A_new_phase_keeps_the_numbers_and_knows_no_time_left()
    {
        var estimate = new ProgressEstimate();
        var before = Add(estimate, Sample(1000, 500));
        var after = estimate.Enter(MigrationPhase.Verifying, TimeSpan.FromSeconds(7));
        Assert.Equal(before with { Phase = MigrationPhase.Verifying, Elapsed = TimeSpan.FromSeconds(7), TimeLeft = null }, after);
    }

    private static MigrationProgress Add(ProgressEstimate estimate, MigrationStatistics job) =>
        estimate.Add(job, MigrationPhase.Copying, TimeSpan.FromSeconds(5));

    /// <summary>Sizes in MiB, rates in MiB per second.</summary>
    private static MigrationStatistics Sample(long total, long remaining, long rate = 100, long dirtied = 0) => new()
    {
        Total = total * MiB,
        Remaining = remaining * MiB,
        Transferred = Math.Max(0, total - remaining) * MiB,
        MemoryRate = rate * MiB,
        DirtyRate = dirtied * MiB,
    };
}
