using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>Values from ovirt-engine's <c>MigrationPolicies</c>, the way of going through them from vdsm's <c>MonitorThread</c>.</summary>
public sealed class OVirtTests
{
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(8L << 30) };

    /// <summary>A pass each 10 s: the first look finds pass 2, and "more than 1 after the first one seen" is pass 4, at 30 s.</summary>
    [Fact]
    public void Minimal_downtime_ends_at_500_ms() => Assert.Equal(
        ["0 100 ms", "30 150 ms", "40 200 ms", "50 300 ms", "60 400 ms", "80 500 ms", "90 abort: NotConverging"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Guest).Feed(OnePassEach(10)));

    [Fact]
    public void Suspend_workload_allows_5_s_at_last() => Assert.Equal(
        ["0 100 ms", "30 150 ms", "40 200 ms", "50 300 ms", "60 400 ms", "80 500 ms", "90 5000 ms", "100 abort: NotConverging"],
        BuiltInPolicies.OVirtSuspendWorkload.Start(Guest).Feed(OnePassEach(10)));

    [Fact]
    public void Post_copy_comes_after_200_ms() => Assert.Equal(
        ["0 100 ms", "30 150 ms", "40 200 ms", "50 post-copy"],
        BuiltInPolicies.OVirtPostCopy.Start(Guest).Feed(OnePassEach(10)));

    [Fact]
    public void Very_large_VMs_get_more() => Assert.Equal(
        ["0 300 ms", "30 400 ms", "40 500 ms", "50 700 ms", "60 1000 ms", "80 1500 ms", "90 5000 ms", "100 abort: NotConverging"],
        BuiltInPolicies.OVirtVeryLargeVMs.Start(Guest).Feed(OnePassEach(10)));

    /// <summary>vdsm looks every 10 s: passes in between are not seen, and one look makes one step.</summary>
    [Fact]
    public void Quick_passes_do_not_hurry_it() => Assert.Equal(
        ["0 100 ms", "20 150 ms", "30 200 ms", "40 300 ms", "50 400 ms", "60 500 ms", "70 abort: NotConverging"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Guest).Feed(OnePassEach(0.5)));

    [Fact]
    public void A_pass_that_takes_long_is_left_in_peace() => Assert.Equal(
        ["0 100 ms"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Guest).Feed(OnePassEach(5000)));

    [Fact]
    public void Without_passes_nothing_is_done() => Assert.Equal(
        ["0 100 ms"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Guest).Feed(Series.Every(1, 300)));

    [Fact]
    public void Where_post_copy_cannot_be_its_step_is_left_out() => Assert.Equal(
        ["0 100 ms", "30 150 ms", "40 200 ms", "50 abort: NotConverging"],
        BuiltInPolicies.OVirtPostCopy.Start(Guest with { PostCopyPossible = false }).Feed(OnePassEach(10)));

    [Fact]
    public void Post_copy_that_is_refused_is_followed_by_the_abort()
    {
        var policy = BuiltInPolicies.OVirtPostCopy.Start(Guest);
        var samples = OnePassEach(10).ToList();
        var refused = samples.Take(51).SelectMany(policy.Decide).Last();

        policy.Refused(refused);

        Assert.IsType<PolicyDecision.StartPostCopy>(refused);
        Assert.Equal(["60 abort: NotConverging"], policy.Feed(samples.Skip(51)));
    }

    [Fact]
    public void They_start_as_oVirts_do()
    {
        MigrationPolicy[] four =
        [
            BuiltInPolicies.OVirtMinimalDowntime, BuiltInPolicies.OVirtSuspendWorkload, BuiltInPolicies.OVirtPostCopy,
            BuiltInPolicies.OVirtVeryLargeVMs,
        ];

        Assert.All(four, policy => Assert.True(policy.AutoConverge));
        Assert.Equal([2, 1, 2, 1], four.Select(policy => policy.ConcurrentMigrations!.Value));
        Assert.Equal([false, true, false, false], four.Select(policy => policy.Compression is MigrationCompression.Xbzrle));
        Assert.Equal([false, false, true, false], four.Select(policy => policy.PostCopy));
        Assert.Equal([false, false, false, true], four.Select(policy => policy is { ZeroCopy: true, Parallel: 2 }));
    }

    /// <summary>The recording has a pass every 2 s: five between two looks.</summary>
    [Fact]
    public void A_recorded_guest_that_is_too_busy_is_given_up_after_seven_looks() => Assert.Equal(
        ["1.495 100 ms", "20.094 150 ms", "30.176 200 ms", "40.308 300 ms", "50.027 400 ms", "60.178 500 ms", "70.013 abort: NotConverging"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Series.Recorded).Feed(Series.Read("stalling")));

    [Fact]
    public void A_recorded_guest_that_converges_is_left_alone() => Assert.Equal(
        ["2.702 100 ms"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Series.Recorded).Feed(Series.Read("converging")));

    /// <summary>A look every second, and a new pass each so many seconds.</summary>
    private static IEnumerable<PolicySample> OnePassEach(double seconds) => Series.Every(1, 300, now => new PolicySample
    {
        Elapsed = default,
        Iteration = 1 + (int)(now / seconds),
    });
}
