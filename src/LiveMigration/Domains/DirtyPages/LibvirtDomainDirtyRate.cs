using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>domain → dirty rate.</summary>
public static class LibvirtDomainDirtyRate
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Measures how fast the guest dirties memory. While it migrates libvirt lets nobody measure: then the migration's own
    /// statistics answer, at once.
    /// </summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="period">The period, 1 to 60 whole seconds.</param>
    /// <param name="mode">The method.</param>
    /// <param name="cancellationToken">Stops waiting; QEMU ends its measurement by itself.</param>
    /// <exception cref="LiveMigrationException">The domain does not run, or would not survive this mode.</exception>
    public static async Task<DirtyRate> MeasureDirtyRateAsync(
        this LibvirtDomain domain, TimeSpan period, DirtyRateMode mode = DirtyRateMode.PageSampling, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (period.TotalSeconds is < 1 or > 60 || period.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new LiveMigrationException(Faults.OutOfRange, $"A dirty rate is measured over 1 to 60 whole seconds, not {new Duration(period)}.", domain.HostName);
        var now = await domain.Host.GetDomainAsync(domain.Uuid.ToString(), cancellationToken).ConfigureAwait(false);
        if (!now.Status.IsExecuting)
            throw new LiveMigrationException(Faults.DomainNotRunning, $"{domain.HostName}: '{domain.Name}' is {now.Status}: a guest that is not running writes no memory.", domain.HostName);
        if (now.Migrating || mode is DirtyRateMode.Migration)
            return await FromMigrationAsync(now, cancellationToken).ConfigureAwait(false);
        await DirtyRateSafety.CheckAsync(now, mode, cancellationToken).ConfigureAwait(false);
        var started = DateTimeOffset.Now;
        await domain.Host.CallAsync(domain.Uuid, native => native.StartDirtyRate((int)period.TotalSeconds, (uint)mode), cancellationToken).ConfigureAwait(false);
        await Task.Delay(period, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var seen = await domain.Host.CallAsync(domain.Uuid, DirtyRateStatistics.Read, cancellationToken).ConfigureAwait(false);
            if (seen is { IsMeasured: true, MebibytesPerSecond: { } rate })
                return RecentDirtyRates.Add(domain.Uuid, Make(now, mode, started, period, rate, seen.PerVCpu));
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    internal static DirtyRate Make(
        LibvirtDomain domain, DirtyRateMode mode, DateTimeOffset time, TimeSpan period, long mebibytes, IReadOnlyList<long> perVCpu, int samples = SamplingError.Samples) =>
        DirtyRate.Measured(domain.Name, domain.HostName, domain.MaxMemory, mode, time, period, mebibytes, perVCpu, samples);

    private static async Task<DirtyRate> FromMigrationAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        var job = await domain.Host.CallAsync(domain.Uuid, native => native.GetJobStatistics(), cancellationToken).ConfigureAwait(false);
        if (job is not { IsActive: true, IsMigration: true })
            throw new LiveMigrationException(Faults.NoMigration, $"{domain.HostName}: '{domain.Name}' is not being migrated, so there are no statistics to read the rate from.", domain.HostName);
        var pages = job.DirtyPagesPerSecond;
        var bytes = pages * (job.PageSize ?? 4096);
        return new DirtyRate
        {
            Name = domain.Name,
            HostName = domain.HostName,
            Mode = DirtyRateMode.Migration,
            Time = DateTimeOffset.Now,
            Rate = bytes,
            PagesPerSecond = pages,
            Memory = domain.MaxMemory,
            ShareOfMemory = domain.MaxMemory is > 0 and var memory ? (double?)bytes / memory : null,
        };
    }
}
