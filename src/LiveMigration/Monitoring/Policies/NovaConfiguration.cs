using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>
/// What OpenStack Nova says about migrations in section <c>[libvirt]</c> of nova.conf, with Nova's names, defaults and units.
/// </summary>
/// <remarks>nova/conf/libvirt.py</remarks>
public sealed record NovaConfiguration
{
    /// <summary><c>live_migration_downtime</c>: milliseconds, 100 at the least.</summary>
    public int Downtime { get; init; } = 500;

    /// <summary><c>live_migration_downtime_steps</c>: 3 at the least.</summary>
    public int DowntimeSteps { get; init; } = 10;

    /// <summary><c>live_migration_downtime_delay</c>: seconds per GiB between steps, 3 at the least.</summary>
    public int DowntimeDelay { get; init; } = 75;

    /// <summary><c>live_migration_completion_timeout</c>: seconds per GiB; 0 is never.</summary>
    public int CompletionTimeout { get; init; } = 800;

    /// <summary><c>live_migration_timeout_action</c>: <c>force_complete</c> instead of <c>abort</c>.</summary>
    public bool ForceComplete { get; init; }

    /// <summary><c>live_migration_permit_post_copy</c>.</summary>
    public bool PermitPostCopy { get; init; }

    /// <summary><c>live_migration_permit_auto_converge</c>; of no effect where post-copy is permitted.</summary>
    public bool PermitAutoConverge { get; init; }

    /// <summary><c>live_migration_bandwidth</c>: MiB/s; 0 leaves libvirt's.</summary>
    public int Bandwidth { get; init; }

    /// <summary><c>live_migration_parallel_connections</c>; 1 is without multifd.</summary>
    public int ParallelConnections { get; init; } = 1;

    /// <summary><c>live_migration_with_native_tls</c>.</summary>
    public bool WithNativeTls { get; init; }

    /// <summary>Options of the file that speak of migrations and have no place in a policy.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Reads a nova.conf.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <exception cref="PolicyFormatException">A value is not what Nova takes.</exception>
    public static NovaConfiguration Parse(string text, string source = "nova.conf")
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new NovaOptions(text, source);
        var read = new NovaConfiguration
        {
            Downtime = options.Number("live_migration_downtime", 500, least: 100),
            DowntimeSteps = options.Number("live_migration_downtime_steps", 10, least: 3),
            DowntimeDelay = options.Number("live_migration_downtime_delay", 75, least: 3),
            CompletionTimeout = options.Number("live_migration_completion_timeout", 800, least: 0),
            ForceComplete = options.Choice("live_migration_timeout_action", "abort", "force_complete") == "force_complete",
            PermitPostCopy = options.Flag("live_migration_permit_post_copy"),
            PermitAutoConverge = options.Flag("live_migration_permit_auto_converge"),
            Bandwidth = options.Number("live_migration_bandwidth", 0, least: 0),
            ParallelConnections = options.Number("live_migration_parallel_connections", 1, least: 1),
            WithNativeTls = options.Flag("live_migration_with_native_tls"),
        };
        return read with { Notices = options.Finish() };
    }

    /// <summary>The policy that behaves as Nova would.</summary>
    /// <param name="name">The policy's name.</param>
    public MigrationPolicy ToPolicy(string name = "nova") => new()
    {
        Name = name,
        Bandwidth = Bandwidth == 0 ? null : Units.Bandwidth.FromMebibytes((long)Bandwidth),
        AutoConverge = PermitAutoConverge && !PermitPostCopy,
        PostCopy = PermitPostCopy,
        Parallel = ParallelConnections > 1 ? ParallelConnections : null,
        Tls = WithNativeTls,
        DataSize = DataMeasure.AtLeastTwoGiBEach,
        Downtime = new LinearDowntime
        {
            Max = Duration.FromMilliseconds(Downtime),
            Steps = DowntimeSteps,
            DelayPerGiB = TimeSpan.FromSeconds(DowntimeDelay),
        },
        Timeout = CompletionTimeout == 0 ? null : new CompletionTimeout
        {
            PerGiB = TimeSpan.FromSeconds(CompletionTimeout),
            Action = ForceComplete ? CompletionAction.ForceComplete : CompletionAction.Abort,
        },
    };
}
