using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>qemu-server's <c>phase2</c>: more than five looks at which more remained double the downtime.</summary>
public sealed class ProxmoxTests
{
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(64L << 30) };

    private static readonly MigrationPolicy Original = BuiltInPolicies.Proxmox with { Downtime = new DoublingDowntime(), Timeout = null };

    [Fact]
    public void Six_growths_double_the_downtime() => Assert.Equal(
        // Growth is seen from the second look on: at 2 s, and then at each.
        ["0 100 ms", "7 200 ms", "13 400 ms", "19 800 ms", "25 1600 ms"],
        Original.Start(Guest).Feed(Series.Every(1, 30, Growing)));

    [Fact]
    public void Looks_in_between_do_not_count() => Assert.Equal(
        ["0 100 ms", "7 200 ms", "13 400 ms", "19 800 ms", "25 1600 ms"],
        Original.Start(Guest).Feed(Series.Every(0.25, 30, Growing)));

    [Fact]
    public void It_ends_where_QEMU_does() => Assert.Equal(
        "91 2000000 ms",
        Original.Start(Guest).Feed(Series.Every(1, 300, Growing))[^1]);

    [Fact]
    public void The_built_in_ends_at_10_s_and_gives_up_after_150_s_per_GiB() => Assert.Equal(
        [
            "0 100 ms", "7 200 ms", "13 400 ms", "19 800 ms", "25 1600 ms", "31 3200 ms", "37 6400 ms", "43 10000 ms",
            "9601 abort: Timeout",
        ],
        BuiltInPolicies.Proxmox.Start(Guest).Feed(Series.Every(1, 10_000, Growing)));

    [Fact]
    public void A_small_guest_is_given_the_time_of_2_GiB() => Assert.Equal(
        "301 abort: Timeout",
        BuiltInPolicies.Proxmox.Start(Series.Recorded).Feed(Series.Every(1, 1000, Growing))[^1]);

    [Fact]
    public void Growths_add_up_over_what_shrinks_in_between() => Assert.Equal(
        // It grows at every other look.
        ["0 100 ms", "13 200 ms"],
        Original.Start(Guest).Feed(Series.Every(1, 24, now => Sample(now, 40_000 + now % 2 * 10_000))));

    [Fact]
    public void What_shrinks_is_left_alone() => Assert.Equal(
        ["0 100 ms"],
        Original.Start(Guest).Feed(Series.Every(1, 300, now => Sample(now, 100_000 - 100 * now))));

    [Fact]
    public void A_link_over_which_nothing_goes_is_no_growth() => Assert.Equal(
        ["0 100 ms"],
        Original.Start(Guest).Feed(Series.Every(1, 300, now => Sample(10, 40_000 + now))));

    /// <summary>Nothing remains, and yet it does not end: that counts as growth.</summary>
    [Fact]
    public void Nothing_left_counts_as_growth() => Assert.Contains(
        "200 ms", string.Join(' ', Original.Start(Guest).Feed(Series.Every(1, 30, now => Sample(now, 0)))), StringComparison.Ordinal);

    [Fact]
    public void Near_the_end_it_looks_every_100_ms()
    {
        var policy = Original.Start(Guest);
        Assert.Equal(TimeSpan.FromSeconds(1), policy.Interval);

        // 100 MiB are sent a second, and 20 remain and grow.
        policy.Feed(Series.Every(1, 3, now => Sample(now, 20 + now / 1000)));

        Assert.Equal(TimeSpan.FromMilliseconds(100), policy.Interval);
        Assert.Equal(
            ["3.5 200 ms", "4.1 400 ms"],
            policy.Feed(Series.Every(0.1, 4.5, now => Sample(now, 20 + now / 1000)).SkipWhile(sample => sample.Elapsed.TotalSeconds < 3.15)));
    }

    [Fact]
    public void A_recorded_guest_that_is_too_busy_gets_more_and_more()
    {
        var decided = Original.Start(Series.Recorded).Feed(Series.Read("stalling"));

        Assert.Equal(["100", "200", "400", "800"], decided.Take(4).Select(line => line.Split(' ')[1]));
        // 40 MiB at 20 MiB/s are 2 s: with 3.2 s QEMU would have ended it.
        Assert.Contains(decided, line => line.EndsWith(" 3200 ms", StringComparison.Ordinal));
    }

    private static PolicySample Growing(double now) => Sample(now, 40_000 + now);

    private static PolicySample Sample(double now, double remaining) => new()
    {
        Elapsed = TimeSpan.FromSeconds(now),
        Transferred = new ByteSize((long)(now * 100) << 20),
        Remaining = new ByteSize((long)(remaining * (1L << 20))),
    };
}
