using System.Diagnostics.Metrics;

namespace LiveMigration.Tracing;

/// <summary>
/// All metrics of the module. The <see cref="Meter"/>, which OpenTelemetry subscribes to by its name, has what happens in this process;
/// <c>Export-MigrationMetric</c> writes the same ones for Prometheus, from the history of all of the user's processes.
/// </summary>
public static class MigrationMetrics
{
    /// <summary>Migrations that have ended. Labels: outcome, source, destination, mode.</summary>
    public static readonly Metric Migrations = new("livemigration.migrations", MetricKind.Counter, "{migration}", "Migrations that have ended.");

    /// <summary>Migrations that failed. Label: error, the id of the error.</summary>
    public static readonly Metric Failures = new("livemigration.migration.failures", MetricKind.Counter, "{migration}", "Migrations that failed, by the id of the error.");

    /// <summary>Bytes sent by migrations that have ended. Labels: source, destination.</summary>
    public static readonly Metric Transferred = new("livemigration.transferred", MetricKind.Counter, "By", "Memory, device state and disks sent by migrations that have ended.");

    /// <summary>How long migrations took. Label: outcome.</summary>
    public static readonly Metric Duration = new("livemigration.migration.duration", MetricKind.Histogram, "s", "Time from the start of a migration until it was known where the VM is.")
    {
        Bounds = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400],
    };

    /// <summary>The downtimes of migrations that completed. Label: post_copy.</summary>
    public static readonly Metric Downtime = new("livemigration.migration.downtime", MetricKind.Histogram, "s", "Time for which the VM of a completed migration did not run, as QEMU measured it.")
    {
        Bounds = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30],
    };

    /// <summary>Evacuations that were started, returns included.</summary>
    public static readonly Metric EvacuationsStarted = new("livemigration.evacuations.started", MetricKind.Counter, "{evacuation}", "Evacuations that were started, with those that bring VMs back.");

    /// <summary>Migrations under way.</summary>
    public static readonly Metric Running = new("livemigration.migrations.running", MetricKind.Gauge, "{migration}", "Migrations under way that this process carries out or sees on the hosts that it asks.");

    /// <summary>How far a migration is. Labels of this and all others of running migrations: vm, source, destination.</summary>
    public static readonly Metric Progress = new("livemigration.migration.progress", MetricKind.Gauge, "1", "How far a running migration is, from 0 to 1.");

    /// <summary>Bytes sent by a running migration.</summary>
    public static readonly Metric Sent = new("livemigration.migration.sent", MetricKind.Gauge, "By", "Bytes that a running migration has sent.");

    /// <summary>Bytes that a running migration still has to send.</summary>
    public static readonly Metric Remaining = new("livemigration.migration.remaining", MetricKind.Gauge, "By", "Bytes that a running migration still has to send.");

    /// <summary>How fast a running migration sends.</summary>
    public static readonly Metric Rate = new("livemigration.migration.rate", MetricKind.Gauge, "By/s", "How fast a running migration sends.");

    /// <summary>How fast a migrating VM changes its memory.</summary>
    public static readonly Metric DirtyRate = new("livemigration.migration.dirty_rate", MetricKind.Gauge, "By/s", "How fast the VM of a running migration changes its memory.");

    /// <summary>Since when a migration runs.</summary>
    public static readonly Metric Elapsed = new("livemigration.migration.elapsed", MetricKind.Gauge, "s", "Time since a running migration started, or was first seen.");

    /// <summary>The time left.</summary>
    public static readonly Metric TimeLeft = new("livemigration.migration.time_left", MetricKind.Gauge, "s", "Time that a running migration still needs; missing while it does not converge or nothing is known.");

    /// <summary>The downtime that QEMU expects.</summary>
    public static readonly Metric ExpectedDowntime = new("livemigration.migration.expected_downtime", MetricKind.Gauge, "s", "Downtime that QEMU expects if the VM were paused now.");

    /// <summary>How much auto-converge slows the VM down.</summary>
    public static readonly Metric Throttle = new("livemigration.migration.throttle", MetricKind.Gauge, "1", "How much auto-converge slows the VM of a running migration down, from 0 to 1.");

    /// <summary>Which pass over memory this is.</summary>
    public static readonly Metric Iteration = new("livemigration.migration.iteration", MetricKind.Gauge, "{pass}", "Which pass over memory a running migration makes, from 1.");

    /// <summary>Evacuations on record. Label: state. Removed journals no longer count.</summary>
    public static readonly Metric Evacuations = new("livemigration.evacuations", MetricKind.Gauge, "{evacuation}", "Evacuations whose journals exist, by their state.");

    /// <summary>VMs of evacuations that have not ended. Labels: evacuation, state.</summary>
    public static readonly Metric EvacuationVMs = new("livemigration.evacuation.vms", MetricKind.Gauge, "{vm}", "VMs of an evacuation that runs or was interrupted, by their state.");

    /// <summary>When the last migration ended. Label: outcome.</summary>
    public static readonly Metric LastEnd = new("livemigration.migration.last_end.timestamp", MetricKind.Gauge, "s", "When the last migration with this outcome ended, in seconds since 1970.");

    /// <summary>Whether a host answered. Label: host.</summary>
    public static readonly Metric HostUp = new("livemigration.host.up", MetricKind.Gauge, "{host}", "Whether a host that was asked for its running migrations answered: 1 or 0.");

    /// <summary>The version. Label: version.</summary>
    public static readonly Metric Build = new("livemigration.build_info", MetricKind.Gauge, "", "Always 1; the label names the version of LiveMigration.");

    private static readonly Counter<long> MigrationCounter = Counter(Migrations);
    private static readonly Counter<long> FailureCounter = Counter(Failures);
    private static readonly Counter<long> TransferredCounter = Counter(Transferred);
    private static readonly Counter<long> EvacuationCounter = Counter(EvacuationsStarted);
    private static readonly Histogram<double> DurationHistogram = Histogram(Duration);
    private static readonly Histogram<double> DowntimeHistogram = Histogram(Downtime);

    /// <summary>All of them, in the order in which they are exported.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Migrations, Failures, Transferred, Duration, Downtime, LastEnd,
        Running, Progress, Sent, Remaining, Rate, DirtyRate, Elapsed, TimeLeft, ExpectedDowntime, Throttle, Iteration,
        EvacuationsStarted, Evacuations, EvacuationVMs, HostUp, Build,
    ];

    /// <summary>The meter.</summary>
    public static Meter Meter => MigrationTracing.Meter;

    /// <summary>Counts to the meter what a total counts, too. Nothing is done while nobody listens.</summary>
    internal static void Count(Metric metric, long amount, params KeyValuePair<string, object?>[] labels)
    {
        var counter = metric == Migrations ? MigrationCounter : metric == Failures ? FailureCounter : metric == Transferred ? TransferredCounter : EvacuationCounter;
        Tell(() => counter.Add(amount, labels));
    }

    /// <summary>Gives a time to the meter.</summary>
    internal static void Observe(Metric metric, TimeSpan time, params KeyValuePair<string, object?>[] labels) =>
        Tell(() => (metric == Duration ? DurationHistogram : DowntimeHistogram).Record(time.TotalSeconds, labels));

    /// <summary>Has the meter ask for a gauge's values whenever somebody wants them.</summary>
    internal static void Gauge(Metric metric, Func<IEnumerable<Measurement<double>>> values) =>
        _ = Meter.CreateObservableGauge(metric.Name, values, metric.Unit, metric.Description);

    /// <summary>Listeners run inside the call, and an error of theirs changes no migration.</summary>
    private static void Tell(Action measure)
    {
        try
        {
            measure();
        }
#pragma warning disable CA1031 // Whatever it is, it is the listener's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tracer.Say($"A listener of the meter failed: {error.Message}");
        }
    }

    private static Counter<long> Counter(Metric metric) => Meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    private static Histogram<double> Histogram(Metric metric) => Meter.CreateHistogram<double>(metric.Name, metric.Unit, metric.Description);
}
