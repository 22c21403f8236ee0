using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Hypervisors;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration.History;

/// <summary>A migration that begins → its forecast, from what is known already. No host is asked, so that nothing is delayed.</summary>
internal static class MigrationPredictor
{
    /// <summary>A forecast, and the curve that it was made from.</summary>
    /// <param name="Prediction">The forecast.</param>
    /// <param name="Curve">The curve as it was sampled, or as the passes of an earlier migration show it.</param>
    /// <param name="Sampled">Whether it was sampled.</param>
    internal sealed record Made(MigrationPrediction Prediction, DirtyCurve Curve, bool Sampled);

    /// <summary>Makes the forecast; null where the link is not known, or not how fast the guest changes its memory.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="options">How.</param>
    /// <param name="policy">The policy; null for none.</param>
    /// <param name="disks">Bytes of disks to copy.</param>
    /// <param name="records">The history.</param>
    /// <param name="now">What time it is.</param>
    internal static Made? Predict(
        MigratingGuest guest, string? destination, MigrationOptions options, MigrationPolicy? policy, long disks, IReadOnlyList<MigrationRecord> records, DateTimeOffset now)
    {
        var recent = RecentForecastTerms.Of(guest.Uuid, destination, now);
        var experience = GuestExperience.Of(records, guest.Uuid, now);
        if (guest.Uuid == Guid.Empty || options.Offline || !guest.Executes || guest.IsPostCopy
            || CurveOf(guest, experience, now) is not var (curve, curveSource, sampled) || LinkOf(guest, destination, options, recent, records, now) is not var (terms, source))
            return null;
        terms = terms with
        {
            MaxDowntime = options.MaxDowntime ?? recent?.Terms.MaxDowntime ?? TimeSpan.FromMilliseconds(300),
            Strategy = StrategyOf(options, policy),
            Timeout = options.Timeout,
            MemoryInUse = recent?.Terms.MemoryInUse,
            Disks = disks,
            Overhead = TimeSpan.FromSeconds(1),
            Kvm = recent?.Terms.Kvm ?? true,
            Qemu = recent?.Terms.Qemu,
        };
        terms = experience?.ApplyTo(terms, sampled) ?? terms;
        return new Made(MigrationPrediction.Of(MigrationForecaster.Forecast(curve, terms), source, curveSource), curve, sampled);
    }

    /// <summary>How many times as much the guest changed in the periods of its passes as the curve says; null where chance, or too little, would tell.</summary>
    internal static double? FactorOf(DirtyCurve curve, IReadOnlyList<DirtyPoint> passes)
    {
        const double Little = 4 << 20;
        const double Sure = 0.25;
        if (curve.Points.Sum(point => (double)(point.StandardError ?? 0)) > Sure * curve.Points.Sum(point => (double)point.Dirtied))
            return null;
        DirtyPoint[] within = [.. passes.Where(pass => pass.Period >= curve.Points[0].Period / 3 && pass.Period <= curve.Points[^1].Period * 3)];
        var (expected, seen) = (within.Sum(pass => curve.After(pass.Period.TotalSeconds)), within.Sum(pass => (double)pass.Dirtied));
        return expected < Little || seen < Little ? null : seen / expected;
    }

    private static (DirtyCurve Curve, string Source, bool Sampled)? CurveOf(MigratingGuest guest, GuestExperience? experience, DateTimeOffset now)
    {
        if (guest.MaxMemory is not (> 0 and var memory))
            return null;
        if (RecentDirtyRates.Of(guest.Uuid, now) is { Count: > 0 } rates)
            return (rates.ToDirtyCurve(memory), $"measured {Ago(now - rates[^1].Time)}", true);
        return experience is { Points.Count: > 0, PointsTime: { } time }
            ? (DirtyCurve.FromPoints(memory, experience.Points), $"the passes of its migration {Ago(now - time)}", false)
            : null;
    }

    /// <summary>A limit that is narrower than the link, else the link: as earlier migrations have shown it, or, where none has, as a forecast found it.</summary>
    private static (ForecastTerms Terms, string Source)? LinkOf(
        MigratingGuest guest, string? destination, MigrationOptions options, RecentForecastTerms? recent, IReadOnlyList<MigrationRecord> records, DateTimeOffset now)
    {
        var link = (destination is null ? null : LinkExperience.Between(records, guest.Host, destination, now)) ?? recent?.Link;
        return (options.Bandwidth, link) switch
        {
            ({ IsUnlimited: false, BytesPerSecond: > 0 } limit, _) when link is null || limit.BytesPerSecond < link.Bandwidth.BytesPerSecond =>
                (new ForecastTerms { Bandwidth = limit, IsLimited = true, Link = link?.Bandwidth }, "-Bandwidth"),
            (_, { Bandwidth.BytesPerSecond: > 0 }) => (new ForecastTerms { Bandwidth = link.Bandwidth, Link = link.Bandwidth }, link.Source),
            _ => null,
        };
    }

    private static MigrationStrategy StrategyOf(MigrationOptions options, MigrationPolicy? policy) => (options, policy) switch
    {
        ({ PostCopyAfterFirstPass: true }, _) or ({ Timeout: not null, OnTimeout: TimeoutAction.PostCopy }, null) => MigrationStrategy.PostCopy,
        ({ Timeout: not null, OnTimeout: TimeoutAction.Suspend }, null) => MigrationStrategy.Suspend,
        (_, { Adaptive: not null }) => MigrationStrategy.RaiseDowntime,
        ({ AutoConverge: true }, _) => MigrationStrategy.AutoConverge,
        _ => MigrationStrategy.PreCopy,
    };

    private static string Ago(TimeSpan time) => time.TotalMinutes < 1 ? "less than a minute ago" : $"{(time.TotalHours < 2 ? $"{(int)time.TotalMinutes} min" : time.TotalDays < 2 ? $"{(int)time.TotalHours} h" : $"{(int)time.TotalDays} days")} ago";
}
