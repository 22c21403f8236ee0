using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>KubeVirt's stall detector (VEP 248), end to end. Its parts, with KubeVirt's own cases: <see cref="StallHistoryTests"/>.</summary>
public sealed class StallTests
{
    private const long MiB = 1L << 20;

    /// <summary>100 MiB are sent each second.</summary>
    private static readonly Bandwidth Link = Bandwidth.FromMebibytes(100);

    /// <summary>2 begun gigabytes: 300 s, and 600 s until all must be over.</summary>
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(2_000_000_000) };

    private static readonly MigrationPolicy Disruptive = BuiltInPolicies.KubeVirtStallDetector with
    {
        Timeout = BuiltInPolicies.KubeVirtStallDetector.Timeout! with { Action = CompletionAction.ForceComplete },
    };

    [Theory]
    [InlineData(150, 150)]
    [InlineData(300, 300)]
    [InlineData(5000, 300)]
    public void It_starts_with_what_is_allowed_but_not_above_QEMUs_300_ms(int allowed, int expected) => Assert.Equal(
        [$"{expected} ms"],
        With(new() { MaxDowntime = TimeSpan.FromMilliseconds(allowed) }).Start(Guest).Feed(new PolicySample { Elapsed = default }));

    [Fact]
    public void What_shrinks_is_left_alone() => Assert.Equal(
        ["0 300 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 290, now => (long)(1000 * Math.Pow(0.95, now / 5)))));

    /// <summary>80 MiB are 0.8 s: within 900 ms. The first pass that is 40 s old is compared with at 45 s.</summary>
    [Fact]
    public void Stalled_within_the_downtime_it_raises_that() => Assert.Equal(
        ["0 300 ms", "45 900 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 100, _ => 80)));

    [Fact]
    public void A_downtime_half_as_long_again_is_tried() => Assert.Equal(
        ["0 300 ms", "45 900 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 100, _ => 135)));

    [Fact]
    public void Beyond_that_it_gives_up() => Assert.Equal(
        ["0 300 ms", "45 abort: NotConverging"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 100, _ => 136)));

    [Fact]
    public void Where_the_workload_may_be_disrupted_any_downtime_will_do() => Assert.Equal(
        ["0 300 ms", "45 2000000 ms"],
        Disruptive.Start(Guest).Feed(Passes(5, 100, _ => 1000)));

    [Fact]
    public void Post_copy_is_better_than_that() => Assert.Equal(
        ["0 300 ms", "45 post-copy"],
        (Disruptive with { PostCopy = true }).Start(Guest).Feed(Passes(5, 100, _ => 1000)));

    [Fact]
    public void With_VFIO_there_is_no_post_copy() => Assert.Equal(
        ["0 300 ms", "45 2000000 ms"],
        (Disruptive with { PostCopy = true }).Start(Guest with { HasVfio = true }).Feed(Passes(5, 100, _ => 1000)));

    [Fact]
    public void A_switch_that_does_not_come_about_within_60_s_is_given_up() => Assert.Equal(
        ["0 300 ms", "45 900 ms", "106 abort: Timeout"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 200, _ => 80)));

    /// <summary>Paused, it has until the time-out.</summary>
    [Fact]
    public void A_switch_that_has_come_about_is_not() => Assert.Equal(
        ["0 300 ms", "45 900 ms", "301 abort: Timeout"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 400, _ => 80).Select(sample =>
            sample.Elapsed.TotalSeconds > 50 ? sample with { Phase = MigrationPhase.Switching } : sample)));

    /// <summary>Low at every fourth pass: it stalls at a high one and waits for a low one.</summary>
    [Fact]
    public void It_waits_for_a_moment_at_which_little_remains() => Assert.Equal(
        ["0 300 ms", "45 wait", "60 900 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Feed(Passes(5, 100, now => now % 20 == 0 ? 80 : 200)));

    [Fact]
    public void Without_the_search_it_does_not_wait() => Assert.Equal(
        ["0 300 ms", "45 abort: NotConverging"],
        With(new() { SearchLocalMinima = false }).Start(Guest).Feed(Passes(5, 100, now => now % 20 == 0 ? 80 : 200)));

    /// <summary>The least seen never comes back: after 40 s the least of those 40 s will do.</summary>
    [Fact]
    public void A_moment_that_does_not_come_back_is_given_up_after_40_s() => Assert.Equal(
        ["0 300 ms", "45 wait", "90 2000000 ms"],
        Disruptive.Start(Guest).Feed(Passes(5, 150, now => now == 5 ? 80 : now % 10 == 0 ? 160 : 200)));

    [Fact]
    public void A_link_that_breaks_down_is_no_moment_to_switch()
    {
        // 1000 MiB at 1 MiB/s would take longer than the 600 s.
        var slow = Passes(5, 200, _ => 1000).Select(sample => sample with { Rate = Bandwidth.FromMebibytes(1) });

        Assert.Equal(["0 300 ms", "45 wait"], Disruptive.Start(Guest).Feed(slow));
    }

    [Theory]
    [InlineData(false, false, "abort: Timeout")]
    [InlineData(true, false, "2000000 ms")]
    [InlineData(false, true, "post-copy")]
    [InlineData(true, true, "post-copy")]
    public void Progress_that_takes_too_long_is_brought_to_an_end(bool disrupt, bool postCopy, string end)
    {
        var policy = (disrupt ? Disruptive : BuiltInPolicies.KubeVirtStallDetector) with { PostCopy = postCopy };

        var decisions = policy.Start(Guest).Feed(Passes(5, 302, now => (long)(1000 * Math.Pow(0.95, now / 5))));

        Assert.Equal(["0 300 ms", $"301 {end}"], decisions);
    }

    [Fact]
    public void A_time_out_before_anything_was_measured_is_an_abort() => Assert.Equal(
        ["0 300 ms", "301 abort: Timeout"],
        (Disruptive with { PostCopy = true }).Start(Guest).Feed(Series.Every(1, 400)));

    [Fact]
    public void A_refused_downtime_is_asked_for_again()
    {
        var policy = BuiltInPolicies.KubeVirtStallDetector.Start(Guest);
        var samples = Passes(5, 100, _ => 80).ToList();
        var decided = samples.TakeWhile(sample => sample.Elapsed.TotalSeconds <= 45).SelectMany(policy.Decide).Last();

        policy.Refused(decided);

        Assert.Equal(["50 900 ms"], policy.Feed(samples.SkipWhile(sample => sample.Elapsed.TotalSeconds <= 45)));
    }

    [Fact]
    public void Refused_post_copy_gives_way_to_the_downtime()
    {
        var policy = (Disruptive with { PostCopy = true }).Start(Guest);
        var samples = Passes(5, 100, _ => 80).ToList();
        var decided = samples.TakeWhile(sample => sample.Elapsed.TotalSeconds <= 45).SelectMany(policy.Decide).Last();

        policy.Refused(decided);

        Assert.Equal(["50 2000000 ms"], policy.Feed(samples.SkipWhile(sample => sample.Elapsed.TotalSeconds <= 45)));
    }

    /// <summary>38 MiB at 20 MiB/s are 1.9 s: more than 900 ms and half of it again. That is seen after 56 s, not after 150.</summary>
    [Fact]
    public void A_recorded_guest_that_is_too_busy_is_given_up_early() => Assert.Equal(
        ["1.495 300 ms", "47.599 wait", "56.117 abort: NotConverging"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Series.Recorded).Feed(Series.Read("stalling")));

    [Fact]
    public void A_recorded_guest_that_is_too_busy_is_switched_if_that_is_allowed() => Assert.Equal(
        ["1.495 300 ms", "47.599 wait", "56.117 2000000 ms"],
        Disruptive.Start(Series.Recorded).Feed(Series.Read("stalling")));

    /// <summary>Mostly 40 MiB and more remain, which take 2 s; then 7.2 MiB, which take less than 900 ms.</summary>
    [Fact]
    public void A_recorded_guest_that_swings_is_caught_when_it_is_quiet() => Assert.Equal(
        ["1.918 300 ms", "50.143 wait", "99.671 900 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Series.Recorded).Feed(Series.Read("swinging")));

    [Fact]
    public void A_recorded_guest_that_converges_is_left_alone() => Assert.Equal(
        ["2.702 300 ms"],
        BuiltInPolicies.KubeVirtStallDetector.Start(Series.Recorded).Feed(Series.Read("converging")));

    private static MigrationPolicy With(StallDetection stall) => BuiltInPolicies.KubeVirtStallDetector with { Stall = stall };

    /// <summary>A look every second, a new pass each so many seconds, at whose beginning so many MiB remain.</summary>
    private static IEnumerable<PolicySample> Passes(int seconds, double until, Func<double, long> remaining) =>
        Series.Every(1, until, now => new PolicySample
        {
            Elapsed = default,
            Iteration = 1 + (int)now / seconds,
            Remaining = new ByteSize(remaining(now) * MiB),
            Rate = Link,
        });
}
