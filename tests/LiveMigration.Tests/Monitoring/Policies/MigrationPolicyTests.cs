using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

public sealed class MigrationPolicyTests
{
    private static readonly PolicyFacts Guest = new() { MemorySize = new ByteSize(4L << 30) };
    private static readonly MigrationPolicy Plain = new() { Name = "plain" };
    private static readonly CompletionTimeout Hour = new() { After = TimeSpan.FromHours(1) };

    public static TheoryData<string, MigrationPolicy> Wrong => new()
    {
        { "name", Plain with { Name = " " } },
        { "parallel", Plain with { Parallel = 0 } },
        { "parallel", Plain with { Parallel = 256 } },
        { "concurrentMigrations", Plain with { ConcurrentMigrations = 0 } },
        { "autoConvergeInitial", Plain with { AutoConverge = true, AutoConvergeInitial = 100 } },
        { "autoConvergeIncrement", Plain with { AutoConvergeIncrement = 10 } },
        { "postCopyBandwidth", Plain with { PostCopyBandwidth = Bandwidth.FromMebibytes(10) } },
        { "compression", Plain with { Compression = MigrationCompression.Zstd } },
        { "compression", Plain with { Compression = MigrationCompression.Xbzrle, Parallel = 2 } },
        { "compressionLevel", Plain with { Compression = MigrationCompression.Zlib, Parallel = 2, CompressionLevel = 10 } },
        { "compressionLevel", Plain with { CompressionLevel = 1 } },
        { "xbzrleCacheShare", Plain with { XbzrleCacheShare = 10 } },
        { "xbzrleCacheShare", Plain with { Compression = MigrationCompression.Xbzrle, XbzrleCacheShare = 101 } },
        { "zeroCopy", Plain with { ZeroCopy = true } },
        { "zeroCopy", Plain with { ZeroCopy = true, Parallel = 2, Tls = true } },
        { "downtime", Plain with { Downtime = new FixedDowntime(default) } },
        { "downtime", Plain with { Downtime = new FixedDowntime(TimeSpan.FromSeconds(2001)) } },
        { "downtime.linear.steps", Plain with { Downtime = new LinearDowntime { Max = new(TimeSpan.FromMilliseconds(1)), Steps = 0, DelayPerGiB = new(TimeSpan.FromMilliseconds(1)) } } },
        { "downtime.linear.delayPerGiB", Plain with { Downtime = new LinearDowntime { Max = new(TimeSpan.FromMilliseconds(1)), Steps = 1, DelayPerGiB = default } } },
        { "downtime.ramped.max", Plain with { Downtime = new RampedDowntime { Max = new(TimeSpan.FromMilliseconds(100)) } } },
        { "downtime.ramped.steps", Plain with { Downtime = new RampedDowntime { Steps = 0 } } },
        { "downtime.doubling.max", Plain with { Downtime = new DoublingDowntime { Max = new(TimeSpan.FromMilliseconds(99)) } } },
        { "downtime.doubling.interval", Plain with { Downtime = new DoublingDowntime { Interval = default } } },
        { "convergence.steps", Stepping() },
        { "convergence.interval", Stepping(new ConvergenceStep { Action = Abort }) with { Convergence = new() { Interval = default, Steps = [new() { Action = Abort }] } } },
        { "convergence.steps[0]", Stepping(new ConvergenceStep { AfterIteration = 1, After = new(TimeSpan.FromMilliseconds(1)), Action = Abort }) },
        { "convergence.steps[0].afterIteration", Stepping(new ConvergenceStep { AfterIteration = -1, Action = Abort }) },
        { "convergence.steps[0]", Stepping(new ConvergenceStep { Action = new PolicyDecision.StartPostCopy() }) },
        { "convergence.steps[0]", Stepping(new ConvergenceStep { Action = new PolicyDecision.Wait() }) },
        { "convergence.steps[1]", Stepping(new ConvergenceStep { Action = Abort }, new ConvergenceStep { Action = Abort }) },
        { "convergence.steps[0].downtime", Stepping(new ConvergenceStep { Action = new PolicyDecision.SetMaxDowntime(default) }) },
        { "convergence.steps[0].downtime", Stepping(new ConvergenceStep { Action = new PolicyDecision.SetMaxDowntime(new(TimeSpan.FromMilliseconds(1))) }) with { Downtime = new RampedDowntime() } },
        { "timeout", Plain with { Timeout = new() } },
        { "timeout", Plain with { Timeout = new() { PerGiB = new(TimeSpan.FromMilliseconds(1)), After = new(TimeSpan.FromMilliseconds(1)) } } },
        { "timeout.perGiB", Plain with { Timeout = new() { PerGiB = default(Duration) } } },
        { "timeout.action", Plain with { Timeout = Hour with { Action = CompletionAction.PostCopy } } },
        { "timeout.abortAtFactor", Plain with { Timeout = Hour with { AbortAtFactor = 1 } } },
        { "progressTimeout", Plain with { ProgressTimeout = default(Duration) } },
        { "stall", Plain with { Stall = new() } },
        { "stall", Plain with { Stall = new(), Timeout = Hour, ProgressTimeout = new(TimeSpan.FromMilliseconds(1)) } },
        { "timeout.action", Plain with { Stall = new(), Timeout = Hour with { Action = CompletionAction.Suspend } } },
        { "timeout.abortAtFactor", Plain with { Stall = new(), Timeout = Hour with { AbortAtFactor = 2 } } },
        { "stall.stallMargin", Plain with { Stall = new() { StallMargin = 100 }, Timeout = Hour } },
        { "stall.ewmaAlpha", Plain with { Stall = new() { EwmaAlpha = 0 }, Timeout = Hour } },
        { "stall.ewmaAlpha", Plain with { Stall = new() { EwmaAlpha = double.NaN }, Timeout = Hour } },
        { "stall.completionTimeoutFactor", Plain with { Stall = new() { CompletionTimeoutFactor = 0.5 }, Timeout = Hour } },
        { "adaptive", Plain with { Adaptive = new() } },
        { "adaptive", Plain with { Adaptive = new(), Timeout = Hour, Stall = new() } },
        { "adaptive", Plain with { Adaptive = new(), Timeout = Hour, ProgressTimeout = new(TimeSpan.FromMilliseconds(1)) } },
        { "downtime", Plain with { Adaptive = new(), Timeout = Hour, Downtime = new DoublingDowntime() } },
        { "adaptive.maxDowntime", Plain with { Adaptive = new() { MaxDowntime = default }, Timeout = Hour } },
        { "adaptive.maxDowntime", Plain with { Adaptive = new(), Timeout = Hour, Downtime = new FixedDowntime(TimeSpan.FromSeconds(3)) } },
        { "adaptive.pauseWeight", Plain with { Adaptive = new() { PauseWeight = -1 }, Timeout = Hour } },
        { "adaptive.throttleWeight", Plain with { Adaptive = new() { ThrottleWeight = double.NaN }, Timeout = Hour } },
        { "adaptive.postCopyWeight", Plain with { Adaptive = new() { PostCopyWeight = -1 }, Timeout = Hour } },
        { "adaptive.timeWeight", Plain with { Adaptive = new() { TimeWeight = double.PositiveInfinity }, Timeout = Hour } },
        { "timeout.action", Plain with { Adaptive = new(), Timeout = Hour with { Action = CompletionAction.PostCopy } } },
        { "convergence.steps[0]", Stepping(new ConvergenceStep { Action = new PolicyDecision.Notify() }) },
    };

    private static PolicyDecision.Abort Abort => new(AbortCause.Timeout);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_found_and_named(string path, MigrationPolicy policy) =>
        Assert.Equal(path, Assert.Single(policy.Problems()).Path);

    [Fact]
    public void The_built_in_ones_can_be_used_and_found_by_name() => Assert.All(BuiltInPolicies.All, policy =>
    {
        Assert.Empty(policy.Problems());
        Assert.Same(policy, BuiltInPolicies.Find(policy.Name.ToUpperInvariant()));
    });

    [Fact]
    public void What_is_not_built_in_is_not_found() => Assert.Null(BuiltInPolicies.Find("vmware"));

    /// <summary>Each is what its own system would start a migration with, and no contradiction.</summary>
    [Fact]
    public void Options_of_the_built_in_ones_are_valid() => Assert.All(
        BuiltInPolicies.All, policy => policy.ApplyTo(MigrationOptions.Default, Guest).Validate());

    [Fact]
    public void A_policy_fills_in_what_was_not_asked_for() => Assert.Equal(
        new MigrationOptions
        {
            AutoConverge = true, Compression = MigrationCompression.Xbzrle, XbzrleCache = new ByteSize(512L << 20),
            DiskMap = MigrationOptions.Default.DiskMap, NetworkMap = MigrationOptions.Default.NetworkMap,
        },
        BuiltInPolicies.Proxmox.ApplyTo(MigrationOptions.Default, Guest));

    [Fact]
    public void What_was_asked_for_wins()
    {
        var asked = MigrationOptions.Default with { Bandwidth = Bandwidth.FromMebibytes(10), Parallel = 3 };

        var options = (BuiltInPolicies.KubeVirtTimeout with { Bandwidth = Bandwidth.FromMebibytes(99) }).ApplyTo(asked, Guest);

        Assert.Equal((asked.Bandwidth, asked.Parallel), (options.Bandwidth, options.Parallel));
    }

    [Fact]
    public void Compression_for_one_channel_gives_way_to_several_that_were_asked_for()
    {
        var options = BuiltInPolicies.Proxmox.ApplyTo(MigrationOptions.Default with { Parallel = 4 }, Guest);

        options.Validate();
        Assert.Equal(MigrationCompression.None, options.Compression);
    }

    [Fact]
    public void Several_connections_give_way_to_compression_for_one_that_was_asked_for()
    {
        var asked = MigrationOptions.Default with { Compression = MigrationCompression.Xbzrle };

        var options = BuiltInPolicies.OVirtVeryLargeVMs.ApplyTo(asked, Guest);

        options.Validate();
        Assert.Equal((null, false), (options.Parallel, options.ZeroCopy));
    }

    [Fact]
    public void Post_copy_is_prepared_for_where_it_can_be()
    {
        Assert.True(BuiltInPolicies.OVirtPostCopy.ApplyTo(MigrationOptions.Default, Guest).PostCopy);
        Assert.False(BuiltInPolicies.OVirtPostCopy.ApplyTo(MigrationOptions.Default, Guest with { HasVfio = true }).PostCopy);
    }

    [Fact]
    public void A_definition_alone_needs_no_policy()
    {
        var offline = MigrationOptions.Default with { Offline = true };

        Assert.Same(offline, BuiltInPolicies.Proxmox.ApplyTo(offline, Guest));
    }

    [Fact]
    public void A_policy_with_TLS_sends_nothing_in_the_clear_unless_that_is_asked_for_by_name()
    {
        var policy = Plain with { Tls = true };

        Assert.Equal(MigrationTls.Required, policy.ApplyTo(MigrationOptions.Default, Guest).Tls);
        Assert.Equal(MigrationTls.Off, policy.ApplyTo(MigrationOptions.Default with { Tls = MigrationTls.Off }, Guest).Tls);
        Assert.Equal(MigrationTls.Preferred, Plain.ApplyTo(MigrationOptions.Default, Guest).Tls);
    }

    [Fact]
    public void What_must_be_encrypted_is_not_sent_without_a_copy()
    {
        var policy = Plain with { ZeroCopy = true, Parallel = 2 };

        Assert.False(policy.ApplyTo(MigrationOptions.Default with { Tls = MigrationTls.Required }, Guest).ZeroCopy);
        Assert.True(policy.ApplyTo(MigrationOptions.Default, Guest).ZeroCopy);
    }

    [Fact]
    public void Schedules_with_the_same_steps_are_the_same()
    {
        Assert.Equal(Stepping(new ConvergenceStep { Action = Abort }), Stepping(new ConvergenceStep { Action = Abort }));
        Assert.Equal(Stepping(new ConvergenceStep { Action = Abort }).GetHashCode(), Stepping(new ConvergenceStep { Action = Abort }).GetHashCode());
        Assert.NotEqual(Stepping(new ConvergenceStep { Action = Abort }), Stepping(new ConvergenceStep { Action = Abort, AfterIteration = 1 }));
    }

    private static MigrationPolicy Stepping(params ConvergenceStep[] steps) => Plain with { Convergence = new() { Steps = steps } };

    /// <summary>Whatever it is permitted, it starts small: so the limit has to be in force before the first byte.</summary>
    [Theory]
    [InlineData(null, null, 300)]
    [InlineData(null, 5000, 300)]
    [InlineData(100, 5000, 100)]
    [InlineData(null, 200, 200)]
    public void A_policy_that_decides_by_a_forecast_starts_with_its_own_downtime(int? initial, int? most, int expected)
    {
        var policy = BuiltInPolicies.Adaptive with
        {
            Downtime = initial is { } start ? new FixedDowntime(Duration.FromMilliseconds(start)) : null,
            Adaptive = most is { } max ? new AdaptiveControl { MaxDowntime = Duration.FromMilliseconds(max) } : new AdaptiveControl(),
        };
        var facts = new PolicyFacts { MemorySize = ByteSize.Parse("1GiB") };

        Assert.Equal(Duration.FromMilliseconds(expected), policy.ApplyTo(new MigrationOptions { MaxDowntime = most is null ? null : Duration.FromMilliseconds(most.Value) }, facts).MaxDowntime);
        Assert.Equal([$"0 {expected} ms"], policy.Start(facts).Feed(new PolicySample { Elapsed = default }).Select(word => $"0 {word}"));
    }

    /// <summary>As Nova counts: memory and each disk that is copied.</summary>
    [Fact]
    public void What_is_copied_is_what_a_time_per_GiB_counts()
    {
        DiskMove[] disks =
        [
            Disk("vda") with { Bytes = 200L << 30 },
            Disk("vdb") with { Capacity = 1L << 30 },
            Disk("vdc") with { Transfer = DiskTransfer.None, Bytes = 100L << 30 },
        ];
        var plan = MigrationPlanner.Plan(Given.Host("b"), Given.Facts(), new()) with { Disks = disks };
        var facts = new PolicyFacts { MemorySize = ByteSize.Parse("4GiB") }.Carrying(plan);

        Assert.Equal(206, facts.DataSize(DataMeasure.AtLeastTwoGiBEach));
    }

    private static DiskMove Disk(string target) =>
        new() { Target = target, Access = StorageAccess.Local, Evidence = "", Transfer = DiskTransfer.Full };
}
