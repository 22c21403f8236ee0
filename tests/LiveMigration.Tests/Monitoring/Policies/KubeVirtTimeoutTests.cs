using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>KubeVirt's <c>handleLegacyConvergence</c> and <c>tuneDowntime</c>.</summary>
public sealed class KubeVirtTimeoutTests
{
    /// <summary>4 GiB are 4.29 GB, which KubeVirt takes for 5 "GiB": 750 s.</summary>
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(4L << 30) };

    private static readonly MigrationPolicy Disruptive = BuiltInPolicies.KubeVirtTimeout with
    {
        Timeout = BuiltInPolicies.KubeVirtTimeout.Timeout! with { Action = CompletionAction.ForceComplete },
    };

    [Theory]
    [InlineData(4_000_000_000, 4)]
    [InlineData(4_000_000_001, 5)]
    [InlineData(4L << 30, 5)]
    [InlineData(64L << 30, 69)]
    public void A_GiB_of_KubeVirts_is_a_begun_gigabyte(long bytes, double expected) => Assert.Equal(
        expected, new PolicyFacts { MemorySize = new ByteSize(bytes) }.DataSize(DataMeasure.WholeGigabytes));

    [Fact]
    public void It_is_aborted_after_150_s_per_GiB() => Assert.Equal(
        ["751 abort: Timeout"],
        BuiltInPolicies.KubeVirtTimeout.Start(Guest).Feed(Series.Every(1, 2000, Busy)));

    [Fact]
    public void Where_the_workload_may_be_disrupted_it_is_paused_and_given_the_time_again() => Assert.Equal(
        ["751 suspend", "1501 abort: Timeout"],
        Disruptive.Start(Guest).Feed(Series.Every(1, 2000, Busy)));

    [Fact]
    public void Post_copy_comes_before_a_pause_and_is_not_aborted() => Assert.Equal(
        ["751 post-copy"],
        (Disruptive with { PostCopy = true }).Start(Guest).Feed(Series.Every(1, 2000, Busy)));

    /// <summary>A pause does not stop the device: QEMU does when it switches. Post-copy is not for VFIO.</summary>
    [Fact]
    public void With_VFIO_the_downtime_is_what_brings_it_to_an_end() => Assert.Equal(
        ["751 1500000 ms", "1501 abort: Timeout"],
        (Disruptive with { PostCopy = true }).Start(Guest with { HasVfio = true }).Feed(Series.Every(1, 2000, Busy)));

    [Fact]
    public void With_VFIO_QEMUs_own_limit_holds() => Assert.Contains(
        "2000000 ms",
        string.Join(' ', Disruptive.Start(new() { MemorySize = new(64L << 30), HasVfio = true }).Feed(Series.Every(10, 20_000, Busy))),
        StringComparison.Ordinal);

    [Fact]
    public void What_is_stuck_for_150_s_is_aborted() => Assert.Equal(
        ["161 abort: NoProgress"],
        Disruptive.Start(Guest).Feed(Series.Every(1, 600, now => Remaining(Math.Max(0, 10 - now) + 1000))));

    [Fact]
    public void A_silent_host_is_stuck() => Assert.Equal(
        ["161 abort: NoProgress"],
        Disruptive.Start(Guest).Feed(Series.Every(1, 600, now => now <= 10 ? Busy(now) : new() { Elapsed = default })));

    /// <summary>It compares with the look before, not with the least seen: whoever swings is not stuck.</summary>
    [Fact]
    public void Swinging_is_progress() => Assert.DoesNotContain(
        "NoProgress",
        string.Join(' ', BuiltInPolicies.KubeVirtTimeout.Start(Guest).Feed(Series.Every(1, 700, now => Remaining(1000 + now % 100)))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("converging", "")]
    [InlineData("stalling", "")]
    [InlineData("swinging", "")]
    public void A_recorded_guest_has_150_s(string series, string decisions) =>
        Assert.Equal(decisions, string.Join(' ', BuiltInPolicies.KubeVirtTimeout.Start(Series.Recorded).Feed(Series.Read(series))));

    [Fact]
    public void A_recorded_guest_that_goes_on_is_aborted_then() => Assert.Equal(
        ["150.225 abort: Timeout"],
        BuiltInPolicies.KubeVirtTimeout.Start(Series.Recorded).Feed(Series.Repeat("swinging", 2)));

    [Fact]
    public void Downtime_tuning_goes_from_150_to_900_ms_in_steps_of_107() => Assert.Equal(
        // From pass 3 on, which begins after 40 s here, each 10 s.
        ["0 150 ms", "40 257 ms", "50 364 ms", "60 471 ms", "70 578 ms", "80 685 ms", "90 792 ms", "100 899 ms", "110 900 ms"],
        Tuned(new RampedDowntime()).Feed(Series.Every(1, 300, now => Busy(now) with { Iteration = 1 + (int)now / 20 })));

    [Fact]
    public void A_step_is_given_its_time()
    {
        var tuned = Tuned(new RampedDowntime { Cooldown = TimeSpan.FromSeconds(60), Steps = 2, StartAfterIteration = 1 });

        Assert.Equal(["0 150 ms", "60 525 ms", "120 900 ms"], tuned.Feed(Series.Every(1, 300, now => Busy(now) with { Iteration = 1 })));
    }

    [Fact]
    public void Steps_finer_than_a_millisecond_are_one_each() => Assert.Equal(
        ["0 150 ms", "10 151 ms", "20 152 ms"],
        Tuned(new RampedDowntime { Max = new(TimeSpan.FromMilliseconds(152)), StartAfterIteration = 0 }).Feed(
            Series.Every(1, 300, now => Busy(now) with { Iteration = 1 })));

    private static ConvergencePolicy Tuned(RampedDowntime downtime) =>
        (BuiltInPolicies.KubeVirtTimeout with { Downtime = downtime }).Start(Guest);

    private static PolicySample Busy(double now) => Remaining(1000 - now % 20);

    private static PolicySample Remaining(double mebibytes) =>
        new() { Elapsed = default, Remaining = new ByteSize((long)(mebibytes * (1L << 20))) };
}
