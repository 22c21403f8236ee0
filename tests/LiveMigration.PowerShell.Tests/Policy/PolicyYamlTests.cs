using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Yaml;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Tests.Policy;

public sealed class PolicyYamlTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInPolicies.All.Select(policy => policy.Name)];

    /// <summary>Says everything that a policy can say, one thing or the other.</summary>
    private static readonly MigrationPolicy Everything = new()
    {
        Name = "everything: \"and\" # more",
        Description = "Two\nlines, and an ümlaut",
        Bandwidth = Bandwidth.FromBytes(117_500_001),
        AutoConverge = true,
        AutoConvergeInitial = 30,
        AutoConvergeIncrement = 5,
        PostCopy = true,
        PostCopyBandwidth = Bandwidth.Unlimited,
        Parallel = 4,
        Compression = MigrationCompression.Zstd,
        CompressionLevel = 3,
        Tls = true,
        ConcurrentMigrations = 3,
        DataSize = DataMeasure.WholeGigabytes,
        Downtime = new FixedDowntime(new(TimeSpan.FromMilliseconds(1250))),
        Convergence = new ConvergenceSchedule
        {
            Interval = TimeSpan.FromMilliseconds(2500),
            Steps =
            [
                new() { AfterIteration = 0, Action = new PolicyDecision.SetBandwidth(Bandwidth.FromBytes(4L << 30)) },
                new() { After = TimeSpan.FromHours(1), Action = new PolicyDecision.SetMaxDowntime(new(TimeSpan.FromMilliseconds(3))) },
                new() { AfterIteration = 7, Action = new PolicyDecision.StartPostCopy() },
                new() { Action = new PolicyDecision.Suspend() },
                new() { Action = new PolicyDecision.Abort(AbortCause.NotConverging) },
            ],
        },
        Timeout = new CompletionTimeout { After = TimeSpan.FromDays(2), Action = CompletionAction.ForceComplete, AbortAtFactor = 1.25 },
        ProgressTimeout = TimeSpan.FromMinutes(3),
    };

    private static readonly MigrationPolicy Ramped = new()
    {
        Name = "null",
        Downtime = new RampedDowntime { Initial = new(TimeSpan.FromMilliseconds(1)), Max = new(TimeSpan.FromMilliseconds(2)), Steps = 3, StartAfterIteration = 4, Cooldown = new(TimeSpan.FromMilliseconds(5)) },
    };

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void The_example_of_a_built_in_policy_is_that_policy(string name) =>
        Assert.Equal(BuiltInPolicies.Find(name), PolicyFile.Read(Module.Source("docs", "policies", $"{name}.yaml")));

    [Fact]
    public void There_is_no_example_of_anything_else() => Assert.Equal(
        BuiltInPolicies.All.Select(policy => $"{policy.Name}.yaml").Order(),
        Directory.GetFiles(Module.Source("docs", "policies")).Select(Path.GetFileName).Order());

    /// <summary>Each example in about_LiveMigration_Policies that begins with a name.</summary>
    [Fact]
    public void What_the_help_shows_is_right()
    {
        var help = File.ReadAllText(Module.Source("docs", "about_LiveMigration_Policies.md"));
        var examples = help.Split("```yaml\n").Skip(1).Select(text => text.Split("```")[0]).ToList();

        Assert.Equal(2, examples.Count(text => PolicyYaml.Parse(text.StartsWith("stall", StringComparison.Ordinal) || text.StartsWith("adaptive", StringComparison.Ordinal)
            ? $"name: x\ntimeout: {{ after: 1h }}\n{text}"
            : text, "about") is { Stall: null, Adaptive: null }));
        Assert.All(BuiltInPolicies.All, policy => Assert.Contains(policy.Name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_written_is_read_back() => Assert.All(
        [.. BuiltInPolicies.All, Everything, Ramped],
        policy => Assert.Equal(policy, PolicyYaml.Parse(PolicyYaml.Write(policy), "written")));

    [Fact]
    public void It_is_written_to_be_read() => Assert.Equal(
        """
        name: ovirt-post-copy
        description: "oVirt's Post-copy migration: downtime up to 200 ms, then post-copy."
        autoConverge: true
        postCopy: true
        concurrentMigrations: 2
        downtime: 100ms
        convergence:
          interval: 10s
          steps:
            - {afterIteration: 1, downtime: 150ms}
            - {afterIteration: 2, downtime: 200ms}
            - {action: postCopy}
            - {action: abort}

        """.ReplaceLineEndings("\n"),
        PolicyYaml.Write(BuiltInPolicies.OVirtPostCopy));

    [Fact]
    public void A_name_will_do() => Assert.Equal(new MigrationPolicy { Name = "mine" }, PolicyYaml.Parse("name: mine", "policy.yaml"));

    [Fact]
    public void What_is_not_said_has_the_defaults_of_the_original()
    {
        Assert.Equal(new DoublingDowntime(), PolicyYaml.Parse("name: x\ndowntime: { doubling: {} }", "policy.yaml").Downtime);
        Assert.Equal(new RampedDowntime(), PolicyYaml.Parse("name: x\ndowntime: { ramped: {} }", "policy.yaml").Downtime);
        Assert.Equal(new StallDetection(), PolicyYaml.Parse("name: x\ntimeout: { after: 1h }\nstall: {}", "policy.yaml").Stall);
        Assert.Equal(new AdaptiveControl(), PolicyYaml.Parse("name: x\ntimeout: { after: 1h }\nadaptive: {}", "policy.yaml").Adaptive);
    }

    [Fact]
    public void JSON_is_YAML() => Assert.Equal(
        Ramped, PolicyYaml.Parse("""{"name":"null","downtime":{"ramped":{"initial":"1ms","max":"2ms","steps":3,"startAfterIteration":4,"cooldown":"5ms"}}}""", "x"));

    [Fact]
    public void An_anchor_can_be_used_again() => Assert.Equal(
        new CompletionTimeout { After = TimeSpan.FromMinutes(1) },
        PolicyYaml.Parse("name: x\nprogressTimeout: &minute 1min\ntimeout: { after: *minute }", "policy.yaml").Timeout);

    [Fact]
    public void To_a_policy_that_decides_by_a_forecast_what_is_asked_for_is_a_bound_and_a_permission()
    {
        var options = new MigrationOptions
        {
            MaxDowntime = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMinutes(1), OnTimeout = TimeoutAction.Suspend, PostCopy = true, AutoConverge = true,
        };
        var adaptive = PolicyIntent.Of(BuiltInPolicies.Adaptive, options);

        Assert.Equal(options.MaxDowntime, adaptive.Adaptive!.MaxDowntime);
        Assert.Equal(new FixedDowntime(options.MaxDowntime.Value), adaptive.Downtime);
        Assert.Equal(new CompletionTimeout { After = options.Timeout, Action = CompletionAction.Suspend }, adaptive.Timeout);
        Assert.True(adaptive is { PostCopy: true, AutoConverge: true });
        Assert.Empty(adaptive.Problems());
        Assert.Equal(BuiltInPolicies.Adaptive, PolicyIntent.Of(BuiltInPolicies.Adaptive, MigrationOptions.Default));
        Assert.Null(PolicyIntent.Of(BuiltInPolicies.Proxmox, options).Downtime);
    }

    /// <summary>Two timers would contradict each other: a guest that the policy paused at the last moment would be aborted at the deadline.</summary>
    [Fact]
    public void A_deadline_that_is_the_policys_is_not_kept_by_the_engine_as_well()
    {
        var options = new MigrationOptions { Timeout = TimeSpan.FromMinutes(1), OnTimeout = TimeoutAction.PostCopy };
        Assert.Equal(options with { Timeout = null, OnTimeout = null, PostCopy = true }, PolicyIntent.OptionsFor(PolicyIntent.Of(BuiltInPolicies.Adaptive, options), options));
        Assert.Equal(options, PolicyIntent.OptionsFor(PolicyIntent.Of(BuiltInPolicies.KubeVirtStallDetector, options), options));
    }
}
