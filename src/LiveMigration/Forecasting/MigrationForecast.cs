using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>
/// What a migration will be like, before it starts: the median of simulated migrations, and the band in which 80 % of them end.
/// </summary>
public sealed record MigrationForecast
{
    private readonly ItemList<string> _notes = ItemList<string>.Empty;

    /// <summary>The domain's name; null for a curve without one.</summary>
    public string? Name { get; init; }

    /// <summary>The source host's name; null for a curve without a domain.</summary>
    public string? HostName { get; init; }

    /// <summary>The destination host's name; null for a curve without a domain.</summary>
    public string? Destination { get; init; }

    /// <summary>How the migration is brought to its end.</summary>
    public required MigrationStrategy Strategy { get; init; }

    /// <summary>The bandwidth in bytes per second.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>Where the bandwidth is known from.</summary>
    public string? BandwidthSource { get; init; }

    /// <summary>The downtime limit; of <see cref="MigrationStrategy.RaiseDowntime"/> the one that it is raised to.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>The share of simulated migrations that ended in time, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether it ends, more likely than not.</summary>
    public bool Converges => Probability >= 0.5;

    /// <summary>How long it takes; null where it does not end.</summary>
    public TimeSpan? TotalTime { get; init; }

    /// <summary>10 % take less.</summary>
    public TimeSpan? TotalTimeLow { get; init; }

    /// <summary>10 % take more.</summary>
    public TimeSpan? TotalTimeHigh { get; init; }

    /// <summary>How long the guest stands still; null where it does not end.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>10 % take less.</summary>
    public TimeSpan? DowntimeLow { get; init; }

    /// <summary>10 % take more.</summary>
    public TimeSpan? DowntimeHigh { get; init; }

    /// <summary>Bytes sent, disks among them; null where it does not end.</summary>
    public long? Transferred { get; init; }

    /// <summary>10 % send less.</summary>
    public long? TransferredLow { get; init; }

    /// <summary>10 % send more.</summary>
    public long? TransferredHigh { get; init; }

    /// <summary>Passes over memory; null where it does not end.</summary>
    public int? Iterations { get; init; }

    /// <summary>How much the guest is slowed down at the end, in percent; null without auto-converge.</summary>
    public int? Throttle { get; init; }

    /// <summary>Bytes of memory that are still at the source when the guest runs on the destination; null without post-copy.</summary>
    public long? PostCopyRemaining { get; init; }

    /// <summary>The smallest downtime limit at which pre-copy ends; null where none does.</summary>
    public TimeSpan? NeededDowntime { get; init; }

    /// <summary>The bandwidth in bytes per second at which pre-copy ends with the downtime limit as it was.</summary>
    public required long NeededBandwidth { get; init; }

    /// <summary>How much the guest has to be slowed down so that pre-copy ends with the downtime limit as it was, in percent; 0 for not at all.</summary>
    public required int NeededThrottle { get; init; }

    /// <summary>The dirty curve that it was made from.</summary>
    public required DirtyCurve Curve { get; init; }

    /// <summary>What it has to assume.</summary>
    public IReadOnlyList<string> Notes { get => _notes; init => _notes = ItemList<string>.Of(value); }

    /// <summary>The forecast in words.</summary>
    public string Summary => ForecastSentence.Of(this);

    /// <summary>The forecast in words.</summary>
    public override string ToString() => Name is null ? Summary : $"{Name}: {Summary}";
}
