using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>domain → dirty curve.</summary>
public static class LibvirtDomainDirtyCurve
{
    /// <summary>
    /// Measures over several periods, one after the other, how much memory the guest dirties. Periods below a second, and more samples, need
    /// QEMU's monitor and QEMU 8.2.
    /// </summary>
    /// <param name="domain">A running domain that does not migrate.</param>
    /// <param name="periods">The periods; null or empty to choose them.</param>
    /// <param name="firstPass">How long all memory takes at the bandwidth that is thought of: the longest period is chosen by it.</param>
    /// <param name="allowMonitor">Whether QEMU itself is asked, which taints the domain (<c>custom-monitor</c>).</param>
    /// <param name="cancellationToken">Stops waiting; QEMU ends its measurement by itself.</param>
    /// <exception cref="LiveMigrationException">The domain does not run, or a period cannot be measured.</exception>
    public static async Task<IReadOnlyList<DirtyRate>> MeasureDirtyCurveAsync(
        this LibvirtDomain domain, IReadOnlyList<TimeSpan>? periods = null, TimeSpan? firstPass = null, bool allowMonitor = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var now = await domain.Host.GetDomainAsync(domain.Uuid.ToString(), cancellationToken).ConfigureAwait(false);
        if (!now.Status.IsExecuting)
            throw new LiveMigrationException(Faults.DomainNotRunning, $"{domain.HostName}: '{domain.Name}' is {now.Status}: a guest that is not running writes no memory.", domain.HostName);
        if (now.Migrating)
            throw new LiveMigrationException(Faults.MigrationInProgress, $"{domain.HostName}: '{domain.Name}' is being migrated; until that ends, its memory cannot be measured.", domain.HostName);
        if (!allowMonitor)
        {
            return await MeasureAsync(
                periods is { Count: > 0 } ? periods : CurvePeriods.Choose(firstPass, milliseconds: false),
                period => now.MeasureDirtyRateAsync(period, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }

        var monitor = await domain.OpenMonitorAsync(null, cancellationToken).ConfigureAwait(false);
        await using (monitor.ConfigureAwait(false))
        {
            var version = await monitor.QueryVersionAsync(cancellationToken).ConfigureAwait(false);
            var milliseconds = version >= QmpDirtyRate.Milliseconds;
            return await MeasureAsync(
                periods is { Count: > 0 } ? periods : CurvePeriods.Choose(firstPass, milliseconds),
                period => milliseconds ? SampleAsync(now, monitor, version, period, cancellationToken) : now.MeasureDirtyRateAsync(period, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a curve from measurements of one domain.</summary>
    /// <param name="rates">Measurements; those from a migration's statistics have no period and do not count.</param>
    /// <param name="memory">The domain's memory in bytes; null for what the measurements say.</param>
    /// <exception cref="LiveMigrationException">No measurement has a period and a rate, or the memory is not known.</exception>
    public static DirtyCurve ToDirtyCurve(this IEnumerable<DirtyRate> rates, long? memory = null)
    {
        ArgumentNullException.ThrowIfNull(rates);
        DirtyRate[] measured = [.. rates.Where(rate => rate is { Period: not null, Dirtied: not null })];
        if (measured.Length == 0)
            throw new LiveMigrationException(Faults.NoDirtyCurve, "None of the measurements has a period and a rate, so there is no dirty curve to forecast from.");
        var size = memory ?? measured.Max(rate => rate.Memory)
            ?? throw new LiveMigrationException(Faults.NoDirtyCurve, $"How much memory '{measured[0].Name}' has is not known, so nothing can be forecast.");
        return DirtyCurve.FromPoints(size, measured.Select(rate => new DirtyPoint(rate.Period!.Value, rate.Dirtied!.Value, rate.StandardError)));
    }

    private static async Task<IReadOnlyList<DirtyRate>> MeasureAsync(IReadOnlyList<TimeSpan> periods, Func<TimeSpan, Task<DirtyRate>> measure)
    {
        var rates = new List<DirtyRate>();
        foreach (var period in periods)
            rates.Add(await measure(period).ConfigureAwait(false));
        return rates;
    }

    private static async Task<DirtyRate> SampleAsync(LibvirtDomain domain, QmpClient monitor, Version version, TimeSpan period, CancellationToken cancellationToken)
    {
        if (period.TotalMilliseconds is < 50 or > 60_000)
            throw new LiveMigrationException(Faults.OutOfRange, $"A dirty rate is measured over 50 ms to 60 s, not {new Units.Duration(period)}.", domain.HostName);
        var started = DateTimeOffset.Now;
        var rate = await monitor.MeasureDirtyRateAsync(period, version, cancellationToken).ConfigureAwait(false);
        return RecentDirtyRates.Add(domain.Uuid, LibvirtDomainDirtyRate.Make(domain, DirtyRateMode.PageSampling, started, period, rate, [], QmpDirtyRate.SamplesOf(version)));
    }
}
