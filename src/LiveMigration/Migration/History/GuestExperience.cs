using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.Migration.History;

/// <summary>What the migrations of a VM have shown of it, for the forecast of its next one.</summary>
public sealed record GuestExperience
{
    /// <summary>Of each thing, so many migrations are looked at, the latest: VMs change.</summary>
    private const int Most = 10;

    /// <summary>Older migrations were of another load.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>One migration may be off by chance.</summary>
    private const int Few = 2;

    /// <summary>What one migration showed is not believed beyond this factor.</summary>
    private const double MostFactor = 4;

    /// <summary>How many migrations of the VM were looked at.</summary>
    public required int Migrations { get; init; }

    /// <summary>How long the devices take: the median of the downtimes without what was sent in them, by the forecast; null where that is not known.</summary>
    public TimeSpan? DeviceTime { get; init; }

    /// <summary>The share of its memory that was zeros, 0 to 1, in the latest migration that completed; null where that was not reported.</summary>
    public double? ZeroShare { get; init; }

    /// <summary>How many times as much the VM changed during migrations as sampling had found shortly before; null where less than two migrations tell.</summary>
    public double? DirtyFactor { get; init; }

    /// <summary>What the VM changed during the passes of its latest migration that has any: points of its dirty curve.</summary>
    public IReadOnlyList<DirtyPoint> Points { get; init; } = ItemList<DirtyPoint>.Empty;

    /// <summary>When that migration started; null where there are no points.</summary>
    public DateTimeOffset? PointsTime { get; init; }

    /// <summary>The VM's memory as it was migrated last, in bytes; null where that was not reported.</summary>
    public long? Memory { get; init; }

    /// <summary>Looks at the migrations of a VM; null where there is none in the last 90 days.</summary>
    /// <param name="records">Migrations, of any VMs.</param>
    /// <param name="uuid">The VM.</param>
    /// <param name="now">What time it is.</param>
    public static GuestExperience? Of(IEnumerable<MigrationRecord> records, Guid uuid, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(records);
        MigrationRecord[] own = uuid == Guid.Empty ? [] : [.. records.Where(record => record.Uuid == uuid && record.StartTime > now - Lifetime).OrderByDescending(record => record.StartTime)];
        if (own.Length == 0)
            return null;
        var passes = Array.Find(own, record => record.Passes.Count > 0);
        var sized = Array.Find(own, record => record.Memory > 0);
        // One that was stopped has not seen all of it.
        var whole = Array.Find(own, record => record is { Outcome: MigrationOutcome.Completed, Memory: > 0 });
        return new GuestExperience
        {
            Migrations = own.Length,
            DeviceTime = Median(own.Select(DevicesOf)) is { } devices ? TimeSpan.FromMilliseconds(Math.Min(devices, Shortest(own))) : null,
            ZeroShare = whole is { ZeroMemory: { } zero, Memory: { } memory } ? Math.Clamp(zero / (double)memory, 0, 1) : null,
            DirtyFactor = own.Count(record => record.DirtyFactor is not null) >= Few && Median(own.Select(record => record.DirtyFactor)) is { } factor ? Math.Clamp(factor, 1 / MostFactor, MostFactor) : null,
            Points = passes?.Passes ?? ItemList<DirtyPoint>.Empty,
            PointsTime = passes?.StartTime,
            Memory = sized?.Memory,
        };
    }

    /// <summary>Puts what was learned into the terms of a forecast.</summary>
    /// <param name="terms">What is known otherwise; what was looked at now counts before what was seen then.</param>
    /// <param name="sampled">Whether the curve comes from samples, which the factor corrects; not from passes of a migration.</param>
    public ForecastTerms ApplyTo(ForecastTerms terms, bool sampled = true)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var factor = sampled ? DirtyFactor : null;
        var zero = terms.MemoryInUse is null && ZeroShare is not null && Memory is not null;
        List<string> learned = [];
        if (DeviceTime is { } devices)
            learned.Add($"its devices take {new Duration(devices)} of the downtime");
        if (zero)
            learned.Add(FormattableString.Invariant($"{ZeroShare:P0} of its memory is zeros"));
        if (factor is { } known)
            learned.Add(FormattableString.Invariant($"it changes {known:0.0#} times what sampling finds"));
        return terms with
        {
            DeviceTime = DeviceTime is { } time ? time : terms.DeviceTime,
            MemoryInUse = zero ? (long)(Memory!.Value * (1 - ZeroShare!.Value)) : terms.MemoryInUse,
            DirtyFactor = factor ?? terms.DirtyFactor,
            Learned = learned.Count == 0 ? terms.Learned : $"Learned from {Count(Migrations)} of this VM: {string.Join(", ", learned)}.",
        };
    }

    /// <summary>For example <c>3 migrations</c>.</summary>
    internal static string Count(int migrations) => migrations == 1 ? "1 migration" : $"{migrations} migrations";

    /// <summary>In post-copy nothing but the devices is sent while the VM is stopped.</summary>
    private static double? DevicesOf(MigrationRecord record) => record switch
    {
        not { Outcome: MigrationOutcome.Completed, Downtime: not null } => null,
        { PostCopy: true } => record.Downtime.Value.TotalMilliseconds,
        { Forecast: { Converges: true, FinalTransfer: { } sending, Strategy: not MigrationStrategy.Suspend } } when record.Downtime.Value > sending => (record.Downtime.Value - sending).TotalMilliseconds,
        _ => null,
    };

    /// <summary>The devices were in all of them.</summary>
    private static double Shortest(MigrationRecord[] own) => own.Select(record => record.Downtime?.TotalMilliseconds).OfType<double>().Min();

    private static double? Median(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>().Take(Most).Order()];
        return known.Length == 0 ? null : (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
    }
}
