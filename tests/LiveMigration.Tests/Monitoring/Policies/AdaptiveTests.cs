using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>Deciding by a forecast, on simulated guests of 1 GiB.</summary>
public sealed class AdaptiveTests
{
    private static readonly MigrationPolicy Adaptive = BuiltInPolicies.Adaptive;

    private static readonly string[] Names = ["idle", "steady", "hot", "uniform", "hot and cold", "hopeless", "calms down", "wakes up", "bursts"];

    [Theory]
    [InlineData("idle", 60, "done", 0, 0)]
    [InlineData("idle", 120, "done", 0, 0)]
    [InlineData("steady", 60, "done", 0, 0)] // 19 MiB/s, again and again: it ends by itself.
    [InlineData("steady", 120, "done", 0, 0)]
    [InlineData("hot", 60, "done", 1, 1.07)] // All of 64 MiB in each pass: so long takes a pass, and so long the pause.
    [InlineData("hot", 120, "done", 1, 0.53)]
    [InlineData("uniform", 60, "done", 1, 2)]
    [InlineData("uniform", 120, "done", 1, 0.75)]
    [InlineData("hot and cold", 60, "done", 1, 0.55)]
    [InlineData("hot and cold", 120, "done", 0, 0)]
    [InlineData("hopeless", 60, "abort", 0, 0)] // 15 s of downtime would be needed.
    [InlineData("calms down", 60, "done", 0, 0)] // After 40 s; it is waited for.
    [InlineData("wakes up", 110, "done", 1, 1.7)] // In the second pass.
    [InlineData("bursts", 60, "done", 0, 0)]
    public void It_ends_where_it_can_with_one_action(string name, double rate, string end, int raised, double needed)
    {
        var run = Guest(name, rate).Run(Adaptive);

        Assert.Equal((end, raised), (run.End, Limits(run).Count));
        Assert.All(Limits(run), limit => Assert.InRange(limit, 0.8 * needed, Math.Min(2, 1.5 * needed)));
    }

    [Theory]
    [InlineData("hot", 60)]
    [InlineData("hot", 120)]
    [InlineData("uniform", 60)]
    [InlineData("uniform", 120)]
    [InlineData("hot and cold", 60)]
    [InlineData("hopeless", 60)]
    [InlineData("hopeless", 120)]
    public void That_it_never_ends_is_known_after_three_passes(string name, double rate)
    {
        var first = Guest(name, rate).Run(Adaptive).Decisions[1];

        Assert.InRange(first.Pass, 2, 4);
        Assert.Contains("never ends: ", first.Decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_does_is_said_in_a_sentence() => Assert.Matches(
        @"^With a downtime of 300 ms the migration never ends: 1\d(\.\d)? MiB can be sent in that time, and this pass begins with 6\d(\.\d)? MiB that the VM has changed\. With 1\.\d s it ends in about 1(\.\d)? s\.$",
        Guest("hot", 60).Run(Adaptive).Actions.Single().Decision.Reason);

    [Fact]
    public void Where_nothing_helps_it_says_what_would_and_waits_for_the_deadline()
    {
        var run = Guest("hopeless", 60).Run(Adaptive);

        Assert.Matches(
            @"It would with a downtime of about 1\d(\.\d)? s \(2 s is permitted\), or post-copy\. It goes on until 00:05:00 are over, in case the VM becomes quieter\.$",
            Assert.IsType<PolicyDecision.Notify>(run.Decisions[1].Decision).Reason);
        Assert.Equal(3, run.Decisions.Count);
        Assert.Equal(AbortCause.Timeout, Assert.IsType<PolicyDecision.Abort>(run.Decisions[2].Decision).Cause);
        Assert.InRange(run.Seconds, 280, 301);
    }

    /// <summary>Every guest, with each thing permitted or not.</summary>
    [Fact]
    public void What_is_not_permitted_is_not_done()
    {
        foreach (var (name, postCopy, action) in from name in Names from postCopy in Truths from action in Enum.GetValues<CompletionAction>() select (name, postCopy, action))
        {
            if (action is CompletionAction.PostCopy && !postCopy)
                continue;
            var run = Guest(name, 60).Run(Adaptive with
            {
                PostCopy = postCopy,
                Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(70), Action = action },
                Adaptive = new AdaptiveControl { MaxDowntime = TimeSpan.FromMilliseconds(600) },
            });
            Assert.All(Limits(run), limit => Assert.InRange(limit, 0.3, 0.6));
            Assert.True(postCopy || run.End != "post-copy");
            Assert.True(action is CompletionAction.Suspend or CompletionAction.ForceComplete || !run.Actions.Any(one => one.Decision is PolicyDecision.Suspend));
            Assert.InRange(run.Actions.Count(), 0, 3);
        }
    }

    [Theory]
    [InlineData(false, CompletionAction.Abort, "abort")]
    [InlineData(true, CompletionAction.Abort, "post-copy")]
    [InlineData(false, CompletionAction.Suspend, "done")]
    [InlineData(false, CompletionAction.ForceComplete, "done")]
    [InlineData(true, CompletionAction.ForceComplete, "done")] // 15 s of a pause, or 15 of post-copy, each of which counts five times.
    public void What_is_permitted_brings_a_hopeless_guest_to_its_end_once(bool postCopy, CompletionAction action, string end)
    {
        var run = Guest("hopeless", 60).Run(Adaptive with { PostCopy = postCopy, Timeout = Adaptive.Timeout! with { Action = action } });

        Assert.Equal(end, run.End);
        Assert.Single(run.Actions);
        if (end != "abort")
            Assert.InRange(run.Seconds, 30, 70);
    }

    [Fact]
    public void A_domain_that_cannot_do_post_copy_is_not_switched() =>
        Assert.Equal("abort", new SimulatedMigration(1024, 60, new Pages(900, 2)) { PostCopyPossible = false }.Run(Adaptive with { PostCopy = true }).End);

    [Fact]
    public void Weights_decide()
    {
        var both = Adaptive with { PostCopy = true };

        Assert.Equal("done", Guest("hot", 60).Run(both).End);
        Assert.Equal("post-copy", Guest("hot", 60).Run(both with { Adaptive = new AdaptiveControl { PauseWeight = 10 } }).End);
    }

    /// <summary>No pre-copy in sight, and time enough until the rest could not be sent any more.</summary>
    [Theory]
    [InlineData("hopeless", 45)]
    [InlineData("hopeless", 35)] // The first pass takes 17 s, and the second as long.
    [InlineData("hot", 20)]
    [InlineData("uniform", 21)]
    [InlineData("idle", 19)]
    [InlineData("idle", 14)] // Not even the first pass ends.
    public void All_is_over_by_the_deadline(string name, double deadline)
    {
        var policy = Adaptive with { PostCopy = true, Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(deadline) } };
        var run = Guest(name, 60).Run(policy);

        Assert.InRange(run.Seconds, 0, deadline + 0.6);
        Assert.Equal(deadline < 17, run.End == "abort");
    }

    [Fact]
    public void What_was_refused_is_tried_again_or_done_otherwise()
    {
        Assert.Equal(2, Limits(Guest("hot", 60).Run(Adaptive, refuse: decision => decision is PolicyDecision.SetMaxDowntime { Downtime.Milliseconds: > 300 })).Count);
        var run = Guest("hopeless", 60).Run(
            Adaptive with { PostCopy = true, Timeout = Adaptive.Timeout! with { Action = CompletionAction.ForceComplete }, Adaptive = new AdaptiveControl { PauseWeight = 50 } },
            refuse: decision => decision is PolicyDecision.StartPostCopy);
        Assert.Equal("done", run.End);
        Assert.IsType<PolicyDecision.Suspend>(run.Actions.Last().Decision);
    }

    /// <summary>Guests by chance: one that ends by itself is left alone, for others the limit is raised to what they need and never taken back, and all is over in time.</summary>
    [Fact]
    public void Whatever_the_guest_it_does_little_and_takes_nothing_back()
    {
        var raised = new List<int>();
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var memory = 512 * Math.Pow(2, random.Next(4));
            var rate = memory / Math.Exp(random.NextDouble() * 2 + 1.2);
            Pages[] guest =
            [
                .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (MiB: memory * 0.3 * Math.Exp(-4 * random.NextDouble()), Rate: Math.Exp(random.NextDouble() * 7 - 4), Until: random.Next(4) == 0 ? 30 : 1000))
                    .Select(one => new Pages(one.MiB, now => now < one.Until ? one.Rate : one.Rate * 3)),
            ];
            var deadline = 4 * memory / rate + 10;
            var run = new SimulatedMigration(memory, rate, guest) { Step = 0.02 }.Run(Adaptive with { Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(deadline) } }, seed: seed);
            var limits = Limits(run);

            Assert.InRange(run.Seconds, 0, deadline + 0.6);
            Assert.Equal(limits.Order(), limits);
            Assert.All(limits, limit => Assert.InRange(limit, 0.3, 2));
            Assert.InRange(limits.Count, 0, 3);
            var needed = Needed(guest, rate);
            if (needed < 1.5 && guest.All(pages => pages.Rate(0) == pages.Rate(100)))
                Assert.Equal((seed, "done"), (seed, run.End));
            if (needed < 0.2 && guest.Sum(pages => pages.MiB * pages.Rate(100)) < 0.8 * rate)
                Assert.Equal((seed, 0), (seed, limits.Count));
            else if (needed is > 0.35 and < 1.5)
                raised.Add(limits.Count);
        }

        Assert.InRange(raised.Count(count => count <= 1), 0.9 * raised.Count, raised.Count);
    }

    /// <summary>On the same guests: less is done, and it is over sooner, than with those that go step by step.</summary>
    [Fact]
    public void It_does_less_and_ends_sooner_than_what_goes_step_by_step()
    {
        string[] guests = ["hot", "uniform", "hot and cold"];
        foreach (var name in guests)
        {
            var adaptive = Guest(name, 60).Run(Adaptive);
            string[] others = ["proxmox", "ovirt-suspend-workload", "ovirt-minimal-downtime", "ovirt-post-copy", "kubevirt-stall-detector", "kubevirt-timeout", "nova"];
            foreach (var other in others)
            {
                var run = Guest(name, 60).Run(BuiltInPolicies.Find(other)!, giveUp: 600);
                Assert.True(adaptive.Seconds < run.Seconds, $"{name}: {adaptive.Seconds} s, {other} {run.Seconds} s");
                Assert.True(run.End is "never" or "abort" || adaptive.Actions.Count() <= run.Actions.Count(), $"{name}, {other}: {run.Actions.Count()} actions");
            }

            Assert.Single(adaptive.Actions);
            Assert.Equal(0, adaptive.Lost);
        }
    }

    [Fact]
    public void A_guest_that_QEMU_may_slow_down_is_let_through_before_that_costs_much()
    {
        var (alone, steered) = (Guest("hot", 60).Run(BuiltInPolicies.OVirtMinimalDowntime), Guest("hot", 60).Run(Adaptive with { AutoConverge = true }));

        Assert.Equal("done", steered.End);
        Assert.InRange(steered.Lost, 0, alone.Lost / 4);
        Assert.InRange(steered.Seconds, 0, alone.Seconds);
    }

    /// <summary>64 MiB in each pass, of which a fifth is sent: 213 ms, though QEMU thinks that they would take a second.</summary>
    [Fact]
    public void Pages_that_are_compressed_are_sent_faster_than_QEMU_thinks()
    {
        var run = new SimulatedMigration(1024, 60, new Pages(64, 20)) { Compression = 5 }.Run(Adaptive);
        var small = new SimulatedMigration(1024, 60, new Pages(64, 1)) { Compression = 5 }.Run(Adaptive);

        Assert.Equal("done", run.End);
        Assert.InRange(Assert.Single(Limits(run)), 0.9, 1.5);
        Assert.Equal(("done", 0), (small.End, small.Actions.Count()));
    }

    [Fact]
    public void With_no_more_downtime_than_the_policy_starts_with_it_only_says_so()
    {
        var run = Guest("hot", 60).Run(Adaptive with { Adaptive = new AdaptiveControl { MaxDowntime = TimeSpan.FromMilliseconds(300) } });

        Assert.Equal("abort", run.End);
        Assert.Single(run.Actions);
    }

    [Fact]
    public void What_a_silent_host_does_not_say_is_not_needed_for_the_deadline()
    {
        var policy = Adaptive.Start(Facts);

        Assert.Equal(["0 300 ms", "301 abort: Timeout"], policy.Feed(Series.Every(1, 400)));
    }

    /// <summary>About 22 ms are needed, and the next hundredth of a second is more than is permitted; then the VM changes more.</summary>
    [Fact]
    public void A_limit_of_less_than_a_hundredth_of_a_second_more_is_kept_and_so_is_the_deadline()
    {
        var policy = Adaptive with
        {
            Downtime = new FixedDowntime(Duration.FromMilliseconds(10)),
            Adaptive = new AdaptiveControl { MaxDowntime = Duration.FromMilliseconds(25) },
            Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(5) },
        };
        foreach (var (size, wakes) in from size in (double[])[20, 21, 22, 22.5] from wakes in (double[])[1.05, 1.1, 1.5, 100] select (size, wakes))
        {
            var run = new SimulatedMigration(1024, 1000, new Pages(size, 500), new Pages(100, now => now < wakes ? 0 : 50)) { Step = 0.001, Delay = 0.002 }.Run(policy, giveUp: 10);

            Assert.All(Limits(run), limit => Assert.InRange(limit, 0, 0.025));
            Assert.InRange(run.Seconds, 1, 5.6);
        }
    }

    [Theory]
    [InlineData(CompletionAction.Abort, false, "301 abort: Timeout")]
    [InlineData(CompletionAction.Abort, true, "301 abort: Timeout")]
    [InlineData(CompletionAction.Suspend, false, "301 suspend", "451 abort: Timeout")]
    [InlineData(CompletionAction.Suspend, true, "301 suspend", "451 abort: Timeout")]
    [InlineData(CompletionAction.PostCopy, true, "301 post-copy")]
    [InlineData(CompletionAction.ForceComplete, true, "301 post-copy")]
    [InlineData(CompletionAction.ForceComplete, false, "301 suspend", "451 abort: Timeout")]
    public void At_the_deadline_what_is_permitted_is_done_where_nothing_could_be_decided_before(CompletionAction action, bool postCopy, params string[] decisions)
    {
        var policy = (Adaptive with { PostCopy = postCopy, Timeout = Adaptive.Timeout! with { Action = action, AbortAtFactor = action is CompletionAction.Abort ? null : 1.5 } }).Start(Facts);

        // Disks are copied, so there are no passes yet.
        Assert.Equal(["0 300 ms", .. decisions], policy.Feed(Series.Every(1, 500, _ => new PolicySample { Elapsed = default, Remaining = new ByteSize(1L << 40) })));
    }

    /// <summary>Each is refused once, and then the next best is done.</summary>
    [Fact]
    public void What_is_refused_at_the_deadline_is_not_tried_again()
    {
        var policy = (Adaptive with { PostCopy = true, Timeout = Adaptive.Timeout! with { Action = CompletionAction.ForceComplete } }).Start(Facts);
        var decided = new List<PolicyDecision>();
        foreach (var sample in Series.Every(1, 400))
        {
            foreach (var decision in policy.Decide(sample).Skip(sample.Elapsed == default ? 1 : 0))
            {
                decided.Add(decision);
                policy.Refused(decision);
            }
        }

        Assert.Equal([typeof(PolicyDecision.StartPostCopy), typeof(PolicyDecision.Suspend), typeof(PolicyDecision.Abort)], decided.Select(decision => decision.GetType()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pause_that_is_refused_is_not_ordered_again(bool vfio)
    {
        var run = new SimulatedMigration(1024, 60, new Pages(900, 2)) { HasVfio = vfio }.Run(
            Adaptive with { Timeout = Adaptive.Timeout! with { Action = CompletionAction.Suspend } },
            refuse: decision => decision is PolicyDecision.Suspend or PolicyDecision.SetMaxDowntime { Downtime.Milliseconds: > 2000 });

        Assert.Equal("abort", run.End);
        Assert.Single(run.Actions, one => one.Decision is PolicyDecision.Suspend or PolicyDecision.SetMaxDowntime { Downtime.Milliseconds: > 2000 });
    }

    /// <summary>Passes that become shorter slowly: alone it ends after 43 s, in the middle of a pass of 3 s the deadline comes.</summary>
    [Theory]
    [InlineData(41.5)]
    [InlineData(42)]
    [InlineData(42.5)]
    [InlineData(43)]
    [InlineData(44)]
    public void What_ends_after_the_deadline_does_not_end_in_time(double deadline)
    {
        var run = new SimulatedMigration(1024, 60, new Pages(1000, 0.05)).Run(Adaptive with
        {
            Downtime = new FixedDowntime(TimeSpan.FromSeconds(2)),
            Adaptive = new AdaptiveControl { MaxDowntime = TimeSpan.FromSeconds(5) },
            Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(deadline) },
        });

        Assert.Equal("done", run.End);
        Assert.InRange(run.Seconds, 0, deadline);
        Assert.IsType<PolicyDecision.SetMaxDowntime>(Assert.Single(run.Actions).Decision);
    }

    /// <summary>A burst leaves so much that it could not be sent in time if it were not compressed.</summary>
    [Fact]
    public void Pages_that_are_compressed_end_by_a_deadline_that_only_they_meet()
    {
        var run = new SimulatedMigration(1024, 60, new Pages(100, now => now < 26 ? 20 : 0), new Pages(500, now => now is > 25 and < 26 ? 2 : 0)) { Compression = 5 }.Run(Adaptive with
        {
            Adaptive = new AdaptiveControl { MaxDowntime = TimeSpan.FromMilliseconds(300) },
            Timeout = new CompletionTimeout { After = TimeSpan.FromSeconds(28.5) },
        });

        Assert.Equal("done", run.End);
    }

    private static readonly PolicyFacts Facts = new() { MemorySize = new ByteSize(1L << 30) };

    private static readonly bool[] Truths = [false, true];

    private static List<double> Limits(Simulated run) => [.. run.Actions.Select(one => one.Decision).OfType<PolicyDecision.SetMaxDowntime>().Select(set => set.Downtime.Value.TotalSeconds)];

    /// <summary>The smallest downtime with which it ends, from the start.</summary>
    private static double Needed(Pages[] guest, double rate)
    {
        var seconds = 0.05;
        while (seconds < 100 && guest.Sum(pages => pages.MiB * (1 - Math.Exp(-pages.Rate(0) * seconds))) > rate * seconds)
            seconds *= 1.02;
        return seconds;
    }

    private static SimulatedMigration Guest(string name, double rate) => name switch
    {
        "idle" => new(1024, rate),
        "steady" => new(1024, rate, new Pages(64, 0.3)),
        "hot" => new(1024, rate, new Pages(64, 20)),
        "uniform" => new(1024, rate, new Pages(128, 2)),
        "hot and cold" => new(1024, rate, new Pages(32, 20), new Pages(300, 0.02)),
        "hopeless" => new(1024, rate, new Pages(900, 2)),
        "calms down" => new(1024, rate, new Pages(600, now => now < 40 ? 2 : 0.001)),
        "wakes up" => new(1024, rate, new Pages(200, now => now < 8 ? 0.01 : 3)),
        "bursts" => new(1024, rate, new Pages(150, now => now % 10 < 5 ? 3 : 0.02)),
        _ => throw new ArgumentException(name),
    };
}
