using LiveMigration.Errors;
using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

public sealed class ConvergencePolicyTests
{
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(1L << 30) };

    private static readonly MigrationPolicy Steps = new()
    {
        Name = "steps",
        PostCopy = true,
        Downtime = new FixedDowntime(new(TimeSpan.FromMilliseconds(200))),
        Convergence = new ConvergenceSchedule
        {
            Interval = TimeSpan.FromSeconds(1),
            Steps =
            [
                new() { After = TimeSpan.FromSeconds(10), Action = new PolicyDecision.SetBandwidth(Bandwidth.FromMebibytes(500)) },
                new() { After = TimeSpan.FromSeconds(20), Action = new PolicyDecision.SetMaxDowntime(new(TimeSpan.FromMilliseconds(400))) },
                new() { After = TimeSpan.FromSeconds(30), Action = new PolicyDecision.Suspend() },
            ],
        },
        Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(40), Action = CompletionAction.PostCopy },
    };

    private static readonly string[] Ends = ["post-copy", "abort: Timeout", "abort: NotConverging"];

    [Fact]
    public void Steps_can_go_by_time() => Assert.Equal(
        ["0 200 ms", "10 500 MiB/s", "20 400 ms", "30 suspend", "40.5 post-copy"],
        Steps.Start(Guest).Feed(Series.Every(0.5, 100)));

    [Fact]
    public void The_same_samples_give_the_same_decisions() => Assert.All(
        BuiltInPolicies.All,
        policy => Assert.Equal(
            policy.Start(Series.Recorded).Feed(Series.Repeat("swinging", 3)),
            policy.Start(Series.Recorded).Feed(Series.Repeat("swinging", 3))));

    [Theory]
    [InlineData("converging")]
    [InlineData("stalling")]
    [InlineData("swinging")]
    public void Nothing_is_decided_twice(string series) => Assert.All(BuiltInPolicies.All, policy =>
    {
        var decisions = policy.Start(Series.Recorded).Feed(Series.Repeat(series, 5)).Select(line => line[line.IndexOf(' ')..]).ToList();

        Assert.Equal(decisions.Distinct(), decisions);
    });

    /// <summary>Nova alone waits for longer than this guest is watched.</summary>
    [Theory]
    [InlineData("stalling")]
    [InlineData("swinging")]
    public void A_guest_that_never_converges_is_brought_to_an_end(string series) => Assert.All(BuiltInPolicies.All, policy =>
    {
        var last = policy.Start(Series.Recorded).Feed(Series.Repeat(series, 20))[^1];

        Assert.Contains(last[(last.IndexOf(' ') + 1)..], Ends);
    });

    [Theory]
    [InlineData(MigrationPhase.Starting)]
    [InlineData(MigrationPhase.PostCopy)]
    [InlineData(MigrationPhase.Verifying)]
    [InlineData(MigrationPhase.Ended)]
    public void Nothing_is_done_before_and_after_copying(MigrationPhase phase) => Assert.All(
        BuiltInPolicies.All,
        policy => Assert.Equal([], policy.Start(Guest).Feed(new PolicySample { Elapsed = TimeSpan.FromDays(1), Phase = phase })));

    [Fact]
    public void A_late_beginning_begins_with_the_downtime() => Assert.Equal(
        ["100 ms"],
        BuiltInPolicies.OVirtMinimalDowntime.Start(Guest).Feed(new PolicySample { Elapsed = TimeSpan.FromSeconds(100), Iteration = 1 }));

    [Fact]
    public void An_abort_stands_alone() => Assert.Equal(
        ["abort: Timeout"],
        BuiltInPolicies.Nova.Start(Guest).Feed(new PolicySample { Elapsed = TimeSpan.FromDays(1) }));

    [Fact]
    public void Each_decision_says_why()
    {
        var decisions = BuiltInPolicies.All.SelectMany(policy =>
        {
            var started = policy.Start(Series.Recorded);
            return Series.Repeat("swinging", 20).SelectMany(started.Decide);
        });

        Assert.All(decisions, decision => Assert.EndsWith(".", decision.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reason_tells_the_numbers()
    {
        var sample = new PolicySample
        {
            Elapsed = TimeSpan.FromSeconds(1601),
            Remaining = new ByteSize(300L << 20),
            Rate = Bandwidth.FromMebibytes(100),
            DirtyRate = Bandwidth.FromMebibytes(150),
            Throttle = 40,
        };

        Assert.Equal(
            "The migration takes longer than 00:26:40 (300 MiB left, 100 MiB/s is sent, the guest changes 150 MiB/s, it is throttled by 40 %).",
            Assert.Single(BuiltInPolicies.Nova.Start(Guest).Decide(sample)).Reason);
    }

    [Fact]
    public void It_says_how_often_it_looks()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), BuiltInPolicies.Nova.Start(Guest).Interval);
        Assert.Equal(TimeSpan.FromMilliseconds(400), BuiltInPolicies.KubeVirtStallDetector.Start(Guest).Interval);
    }

    [Fact]
    public void A_policy_with_problems_does_not_start()
    {
        var error = Assert.Throws<LiveMigrationException>(() => (Steps with { PostCopy = false }).Start(Guest));

        Assert.Equal(Faults.InvalidPolicy, error.Fault);
        Assert.Equal(
            "The policy 'steps' cannot be used: timeout.action: Post-copy must be permitted: add 'postCopy: true'.", error.Message);
    }

    [Fact]
    public void Progress_makes_a_sample()
    {
        var progress = new MigrationProgress
        {
            Phase = MigrationPhase.Copying, Percent = 40, Iteration = 3, Transferred = 4, Remaining = 6, Total = 10,
            Rate = 1, DirtyRate = 2, Elapsed = TimeSpan.FromSeconds(5), Throttle = 20,
        };

        Assert.Equal(
            new PolicySample
            {
                Elapsed = TimeSpan.FromSeconds(5), Phase = MigrationPhase.Copying, Iteration = 3, Transferred = new ByteSize(4),
                Remaining = new ByteSize(6), Rate = Bandwidth.FromBytes(1), DirtyRate = Bandwidth.FromBytes(2), Throttle = 20,
            },
            PolicySample.From(progress));
        Assert.Null(PolicySample.From(new MigrationProgress { Phase = MigrationPhase.Starting, Percent = 0 }).Remaining);
    }
}
