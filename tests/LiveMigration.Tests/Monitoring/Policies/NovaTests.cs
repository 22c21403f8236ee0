using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>Numbers from Nova's documentation and its own unit test, or computed with its <c>downtime_steps</c>.</summary>
[Trait("Requirement", "T5")]
public sealed class NovaTests
{
    private static readonly PolicyFacts FourGiB = Memory(4);

    [Fact]
    public void Five_seconds_in_seven_steps_for_4_GiB() => Assert.Equal(
        [(0, 714), (300, 1326), (600, 1938), (900, 2551), (1200, 3163), (1500, 3775), (1800, 4387), (2100, 5000)],
        Schedule(new() { Downtime = 5000, DowntimeSteps = 7, DowntimeDelay = 75 }, FourGiB));

    [Fact]
    public void The_example_of_Novas_own_documentation() => Assert.Equal(
        [(0, 40), (90, 76), (180, 112), (270, 148), (360, 184), (450, 220), (540, 256), (630, 292), (720, 328), (810, 364), (900, 400)],
        Schedule(new() { Downtime = 400, DowntimeSteps = 10, DowntimeDelay = 30 }, Memory(3)));

    [Fact]
    public void A_guest_of_16_GiB_gets_Novas_500_ms_after_more_than_three_hours()
    {
        var schedule = Schedule(new(), Memory(16));

        Assert.Equal((0, 50), schedule[0]);
        Assert.Equal((1200, 95), schedule[1]);
        Assert.Equal((12000, 500), schedule[^1]);
    }

    [Theory]
    [InlineData(0.5, 150)]
    [InlineData(2, 150)]
    [InlineData(2.5, 187)] // int(187.5)
    [InlineData(4, 300)]
    public void Less_than_2_GiB_counts_as_2(double memory, int delay) =>
        Assert.Equal(delay, Schedule(new(), Memory(memory))[1].Seconds);

    [Fact]
    public void Each_copied_disk_counts_with_2_GiB_at_the_least()
    {
        var facts = Memory(1) with { DiskSizes = [GiB(0.1), GiB(20), GiB(2)] };

        Assert.Equal(2 + 2 + 20 + 2, facts.DataSize(DataMeasure.AtLeastTwoGiBEach));
    }

    [Fact]
    public void The_downtime_is_raised_when_its_time_has_come_and_once() => Assert.Equal(
        ["0 714 ms", "300 1326 ms", "600 1938 ms", "900 2551 ms", "1200 3163 ms", "1500 3775 ms", "1800 4387 ms", "2100 5000 ms"],
        Policy(new() { Downtime = 5000, DowntimeSteps = 7 }).Feed(Series.Every(0.5, 3000)));

    [Fact]
    public void A_late_look_takes_the_latest_step() => Assert.Equal(
        ["0 50 ms", "1000 185 ms"],
        Policy(new()).Feed(Series.Every(1000, 1000)));

    [Theory]
    [InlineData(false, false, "abort: Timeout")]
    [InlineData(false, true, "abort: Timeout")]
    [InlineData(true, false, "suspend")]
    [InlineData(true, true, "post-copy")]
    public void After_800_s_per_GiB_it_is_ended(bool force, bool postCopy, string end)
    {
        var policy = Policy(new() { ForceComplete = force, PermitPostCopy = postCopy });

        Assert.DoesNotContain(policy.Feed(Series.Every(10, 3200)), line => line.EndsWith(end, StringComparison.Ordinal));
        Assert.Equal([end], policy.Feed(At(3200.5)));
        Assert.Equal([], policy.Feed(At(3201)));
    }

    [Fact]
    public void A_time_out_of_0_is_none() =>
        Assert.Equal("3000 500 ms", Policy(new() { CompletionTimeout = 0, ForceComplete = true }).Feed(Series.Every(10, 100_000))[^1]);

    [Fact]
    public void Post_copy_that_is_refused_gives_way_to_a_pause()
    {
        var policy = Policy(new() { ForceComplete = true, PermitPostCopy = true });
        var decision = policy.Decide(At(3201)).Single(one => one is PolicyDecision.StartPostCopy);

        policy.Refused(decision);

        Assert.Contains("suspend", policy.Feed(At(3202)));
        Assert.Equal([], policy.Feed(At(3203)));
    }

    [Fact]
    public void A_pause_that_is_refused_ends_it()
    {
        var policy = Policy(new() { ForceComplete = true });
        var decision = policy.Decide(At(3201)).Single(one => one is PolicyDecision.Suspend);

        policy.Refused(decision);

        Assert.Equal(["abort: Timeout"], policy.Feed(At(3202)));
    }

    [Fact]
    public void A_paused_guest_is_not_sent_into_post_copy()
    {
        var nova = new NovaConfiguration { ForceComplete = true, PermitPostCopy = true }.ToPolicy();

        var policy = nova.Start(FourGiB with { PostCopyPossible = false });

        Assert.Contains("suspend", policy.Feed(At(3201)));
    }

    [Fact]
    public void Auto_converge_is_of_no_effect_beside_post_copy()
    {
        Assert.True(new NovaConfiguration { PermitAutoConverge = true }.ToPolicy().AutoConverge);
        Assert.False(new NovaConfiguration { PermitAutoConverge = true, PermitPostCopy = true }.ToPolicy().AutoConverge);
    }

    private static List<(int Seconds, int Milliseconds)> Schedule(NovaConfiguration nova, PolicyFacts facts)
    {
        var policy = nova.ToPolicy();
        return
        [
            .. Assert.IsType<LinearDowntime>(policy.Downtime).StepsFor(facts.DataSize(policy.DataSize))
                .Select(step => ((int)step.At.TotalSeconds, (int)step.Downtime.Milliseconds)),
        ];
    }

    private static ConvergencePolicy Policy(NovaConfiguration nova) => nova.ToPolicy().Start(FourGiB);

    private static PolicySample At(double seconds) => new() { Elapsed = TimeSpan.FromSeconds(seconds) };

    private static PolicyFacts Memory(double gib) => new() { MemorySize = GiB(gib) };

    private static ByteSize GiB(double gib) => new((long)(gib * (1L << 30)));
}
