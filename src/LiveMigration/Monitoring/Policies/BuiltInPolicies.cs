using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>The policies of others, with their published values, and one of our own.</summary>
public static class BuiltInPolicies
{
    /// <summary>OpenStack Nova's defaults.</summary>
    public static readonly MigrationPolicy Nova = new NovaConfiguration().ToPolicy() with
    {
        Description = "OpenStack Nova's defaults: downtime of 50 ms that grows to 500 ms, aborted after 800 s per GiB.",
    };

    /// <summary>oVirt's "Minimal downtime".</summary>
    public static readonly MigrationPolicy OVirtMinimalDowntime = OVirt(
        "ovirt-minimal-downtime",
        "oVirt's Minimal downtime: downtime up to 500 ms; aborted if it does not converge.",
        Ramp(100, 150, 200, 300, 400, 500),
        new PolicyDecision.Abort(AbortCause.NotConverging)) with
    {
        ConcurrentMigrations = 2,
    };

    /// <summary>oVirt's "Suspend workload if needed".</summary>
    public static readonly MigrationPolicy OVirtSuspendWorkload = OVirt(
        "ovirt-suspend-workload",
        "oVirt's Suspend workload if needed: downtime up to 500 ms, finally 5 s, for busy VMs.",
        Ramp(100, 150, 200, 300, 400, 500),
        Downtime(5000),
        new PolicyDecision.Abort(AbortCause.NotConverging)) with
    {
        Compression = MigrationCompression.Xbzrle,
        ConcurrentMigrations = 1,
    };

    /// <summary>oVirt's "Post-copy migration".</summary>
    public static readonly MigrationPolicy OVirtPostCopy = OVirt(
        "ovirt-post-copy",
        "oVirt's Post-copy migration: downtime up to 200 ms, then post-copy.",
        Ramp(100, 150, 200),
        new PolicyDecision.StartPostCopy(),
        new PolicyDecision.Abort(AbortCause.NotConverging)) with
    {
        PostCopy = true,
        ConcurrentMigrations = 2,
    };

    /// <summary>oVirt's "Very large VMs".</summary>
    public static readonly MigrationPolicy OVirtVeryLargeVMs = OVirt(
        "ovirt-very-large-vms",
        "oVirt's Very large VMs: several connections, zero-copy, downtime up to 1.5 s, finally 5 s.",
        Ramp(300, 400, 500, 700, 1000, 1500),
        Downtime(5000),
        new PolicyDecision.Abort(AbortCause.NotConverging)) with
    {
        // oVirt takes one connection per 10 Gbit/s, at most one per vCPU, and two at the least.
        Parallel = 2,
        ZeroCopy = true,
        ConcurrentMigrations = 1,
    };

    /// <summary>KubeVirt's time-outs, from before its stall detector.</summary>
    public static readonly MigrationPolicy KubeVirtTimeout = KubeVirt(
        "kubevirt-timeout",
        "KubeVirt's timeouts: aborted after 150 s per GiB, or 150 s without progress.") with
    {
        Timeout = new CompletionTimeout { PerGiB = TimeSpan.FromSeconds(150), AbortAtFactor = 2 },
        ProgressTimeout = TimeSpan.FromSeconds(150),
    };

    /// <summary>KubeVirt's stall detector.</summary>
    public static readonly MigrationPolicy KubeVirtStallDetector = KubeVirt(
        "kubevirt-stall-detector",
        "KubeVirt's stall detector: completes a migration that does not converge at a moment with little remaining data.") with
    {
        Stall = new StallDetection(),
    };

    /// <summary>Proxmox VE's doubling of the downtime, which gets an upper bound and a deadline here.</summary>
    public static readonly MigrationPolicy Proxmox = new()
    {
        Name = "proxmox",
        Description = "Proxmox VE's doubling downtime, from 100 ms; here limited to 10 s, and aborted after 150 s per GiB.",
        AutoConverge = true,
        Compression = MigrationCompression.Xbzrle,
        XbzrleCacheShare = 10,
        DataSize = DataMeasure.AtLeastTwoGiBEach,
        Downtime = new DoublingDowntime { Max = TimeSpan.FromSeconds(10) },
        Timeout = new CompletionTimeout { PerGiB = TimeSpan.FromSeconds(150) },
    };

    /// <summary>Decides by a forecast that each pass makes better.</summary>
    public static readonly MigrationPolicy Adaptive = new()
    {
        Name = "adaptive",
        Description = "Decides by a forecast: raises the downtime once, to what the VM needs, at most to 2 s; aborted after 150 s per GiB.",
        DataSize = DataMeasure.AtLeastTwoGiBEach,
        Downtime = new FixedDowntime(TimeSpan.FromMilliseconds(300)),
        Timeout = new CompletionTimeout { PerGiB = TimeSpan.FromSeconds(150) },
        Adaptive = new AdaptiveControl(),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MigrationPolicy> All { get; } =
    [
        Nova, OVirtMinimalDowntime, OVirtSuspendWorkload, OVirtPostCopy, OVirtVeryLargeVMs, KubeVirtTimeout, KubeVirtStallDetector,
        Proxmox, Adaptive,
    ];

    /// <summary>The policy of that name; null when there is none.</summary>
    /// <param name="name">For example <c>nova</c>; upper and lower case are the same.</param>
    public static MigrationPolicy? Find(string name) =>
        All.FirstOrDefault(policy => policy.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static MigrationPolicy OVirt(string name, string description, long[] downtimes, params PolicyDecision[] last) => new()
    {
        Name = name,
        Description = description,
        AutoConverge = true,
        Downtime = new FixedDowntime(Duration.FromMilliseconds(downtimes[0])),
        Convergence = new ConvergenceSchedule
        {
            Steps =
            [
                // The limits are 1, 2, 3, 4 and 6.
                .. downtimes[1..].Select((downtime, index) => new ConvergenceStep
                {
                    AfterIteration = index == 4 ? 6 : index + 1,
                    Action = Downtime(downtime),
                }),
                .. last.Select(action => new ConvergenceStep { Action = action }),
            ],
        },
    };

    private static long[] Ramp(params long[] downtimes) => downtimes;

    private static PolicyDecision.SetMaxDowntime Downtime(long milliseconds) => new(Duration.FromMilliseconds(milliseconds));

    private static MigrationPolicy KubeVirt(string name, string description) => new()
    {
        Name = name,
        Description = description,
        Parallel = 8,
        DataSize = DataMeasure.WholeGigabytes,
        Timeout = new CompletionTimeout { PerGiB = TimeSpan.FromSeconds(150) },
    };
}
