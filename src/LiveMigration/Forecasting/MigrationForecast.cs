using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>
/// A forecast of a migration: medians of simulated migrations, and the range in which 80 % of them lie.
/// </summary>
public sealed record MigrationForecast
{
    private readonly ItemList<string> _notes = ItemList<string>.Empty;

    /// <summary>The name of the VM; null for a curve without one.</summary>
    public string? Name { get; init; }

    /// <summary>The source host; null for a curve without one.</summary>
    public string? HostName { get; init; }

    /// <summary>The destination host; null for a curve.</summary>
    public string? Destination { get; init; }

    /// <summary>How the migration is brought to its end.</summary>
    public required MigrationStrategy Strategy { get; init; }

    /// <summary>The bandwidth in bytes per second.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>Where the bandwidth is known from: -Bandwidth, earlier migrations between the hosts, or a host's link.</summary>
    public string? BandwidthSource { get; init; }

    /// <summary>The downtime limit; for <see cref="MigrationStrategy.RaiseDowntime"/>, the limit that the VM needs.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>The fraction of simulated migrations that ended in time, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether the migration converges, more likely than not.</summary>
    public bool Converges => Probability >= 0.5;

    /// <summary>How long the migration takes; null where it does not converge.</summary>
    public TimeSpan? TotalTime { get; init; }

    /// <summary>10 % of the migrations take less time.</summary>
    public TimeSpan? TotalTimeLow { get; init; }

    /// <summary>10 % of the migrations take more time.</summary>
    public TimeSpan? TotalTimeHigh { get; init; }

    /// <summary>How long the VM is stopped; null where the migration does not converge.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>10 % of the downtimes are shorter.</summary>
    public TimeSpan? DowntimeLow { get; init; }

    /// <summary>10 % of the downtimes are longer.</summary>
    public TimeSpan? DowntimeHigh { get; init; }

    /// <summary>The part of <see cref="Downtime"/> in which memory is sent; the devices take the rest. Null where the migration does not converge.</summary>
    public TimeSpan? FinalTransfer { get; init; }

    /// <summary>Bytes sent, copied disks included; null where the migration does not converge.</summary>
    public long? Transferred { get; init; }

    /// <summary>10 % of the migrations send fewer bytes.</summary>
    public long? TransferredLow { get; init; }

    /// <summary>10 % of the migrations send more bytes.</summary>
    public long? TransferredHigh { get; init; }

    /// <summary>Passes over memory; null where the migration does not converge.</summary>
    public int? Iterations { get; init; }

    /// <summary>How much auto-converge slows the VM down at the end, in percent; null for other strategies.</summary>
    public int? Throttle { get; init; }

    /// <summary>Bytes of memory that are still on the source when the VM switches to post-copy; null for other strategies.</summary>
    public long? PostCopyRemaining { get; init; }

    /// <summary>The smallest downtime limit at which pre-copy converges; null where none is enough.</summary>
    public TimeSpan? NeededDowntime { get; init; }

    /// <summary>The bandwidth in bytes per second at which pre-copy converges within the downtime limit.</summary>
    public required long NeededBandwidth { get; init; }

    /// <summary>How much the VM has to be slowed down so that pre-copy converges within the downtime limit, in percent; 0 for not at all.</summary>
    public required int NeededThrottle { get; init; }

    /// <summary>The dirty curve that the forecast was made from.</summary>
    public required DirtyCurve Curve { get; init; }

    /// <summary>What the forecast has to assume.</summary>
    public IReadOnlyList<string> Notes { get => _notes; init => _notes = ItemList<string>.Of(value); }

    /// <summary>The forecast in words.</summary>
    public string Summary => ForecastSentence.Of(this);

    /// <summary>The forecast in words.</summary>
    public override string ToString() => Name is null ? Summary : $"{Name}: {Summary}";
}
