using System.Globalization;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Planning;
using LiveMigration.Readiness.Qemu;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>Two QEMUs without libvirt → what a forecast of the migration between them needs.</summary>
public static class QemuForecasting
{
    /// <summary>
    /// Measures over several periods, one after the other, how much memory the guest dirties: as exactly as QEMU can, as its monitor is ours. Periods below
    /// a second need QEMU 8.2.
    /// </summary>
    /// <param name="process">A QEMU whose guest runs and is not being migrated.</param>
    /// <param name="periods">The periods; null or empty to choose them.</param>
    /// <param name="firstPass">How long all memory takes at the expected bandwidth: the longest period is chosen by it.</param>
    /// <param name="cancellationToken">Stops waiting; QEMU ends its measurement by itself.</param>
    /// <exception cref="LiveMigrationException">The guest does not run, is being migrated, or a period cannot be measured.</exception>
    public static async Task<IReadOnlyList<DirtyRate>> MeasureDirtyCurveAsync(
        this QemuProcess process, IReadOnlyList<TimeSpan>? periods = null, TimeSpan? firstPass = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        await process.RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (QemuStatus.IsUnderWay(process.Migration))
            throw new LiveMigrationException(Faults.MigrationInProgress, $"{process.HostName}: '{process}' is being migrated; until that ends, its memory cannot be measured.", process.HostName);
        if (!process.Facts.IsRunning)
            throw new LiveMigrationException(Faults.DomainNotRunning, $"{process.HostName}: '{process}' is {process.State}: a guest that is not running writes no memory.", process.HostName);
        var milliseconds = process.QemuVersion >= QmpDirtyRate.Milliseconds;
        var (chosen, rates) = (periods is { Count: > 0 } ? periods : CurvePeriods.Choose(firstPass, milliseconds), new List<DirtyRate>());
        if (chosen.Any(period => period.TotalMilliseconds is < 50 or > 60_000 || (!milliseconds && period.Ticks % TimeSpan.TicksPerSecond != 0)))
        {
            throw new LiveMigrationException(
                Faults.OutOfRange,
                $"QEMU {process.QemuVersion} measures a dirty rate over {(milliseconds ? "50 ms to 60 s" : "1 to 60 whole seconds")}, not {string.Join(", ", chosen.Select(period => new Duration(period)))}.",
                process.HostName);
        }

        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        foreach (var period in chosen)
        {
            var started = DateTimeOffset.Now;
            var rate = await monitor.MeasureDirtyRateAsync(period, process.QemuVersion, cancellationToken).ConfigureAwait(false);
            var measured = DirtyRate.Measured(
                process.Name, process.HostName, process.MaxMemory, DirtyRateMode.PageSampling, started, period, rate, [], QmpDirtyRate.SamplesOf(process.QemuVersion));
            rates.Add(process.Uuid == Guid.Empty ? measured : RecentDirtyRates.Add(process.Uuid, measured));
        }

        return rates;
    }

    /// <summary>
    /// Asks both what they are, and the source for its downtime limit and the memory that it uses. Disks that are not proven to be shared count as copied.
    /// Nothing is changed.
    /// </summary>
    /// <param name="source">The QEMU that the guest would leave.</param>
    /// <param name="destination">The QEMU that it would go to.</param>
    /// <param name="link">How fast memory can be sent.</param>
    /// <param name="options">How it would be migrated.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">One of them does not answer, or the guest cannot be migrated, and why.</exception>
    public static async Task<ForecastTerms> GetForecastTermsAsync(
        this QemuProcess source, QemuProcess destination, MigrationLink link, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Full } };
        await Task.WhenAll(source.RefreshAsync(cancellationToken), destination.RefreshAsync(cancellationToken)).ConfigureAwait(false);
        var copies = new List<QemuDiskCopy>();
        QemuMigrationRules.Refuse(source, destination, QemuMigrationRules.Find(source, destination, options, copies).Where(reason => reason.Kind is not QemuRefusalKind.Disk));
        var terms = new ForecastTerms
        {
            Bandwidth = link.Bandwidth,
            MaxDowntime = options.MaxDowntime ?? TimeSpan.FromMilliseconds(source.Facts.Parameters.GetValueOrDefault("downtime-limit") is long milliseconds ? milliseconds : 300),
            Timeout = options.Timeout,
            MemoryInUse = await ResidentAsync(source, cancellationToken).ConfigureAwait(false),
            Disks = copies.Sum(copy => copy.Source.Size ?? 0),
            // Both run already.
            Overhead = TimeSpan.FromMilliseconds(100),
            Kvm = source.Facts.IsKvm,
            Qemu = source.QemuVersion,
        };
        // What is only supposed is not what a real migration has, and without a UUID nobody knows whose it was.
        if (link.Source != MigrationLink.Specified && source.Uuid != Guid.Empty)
            RecentForecastTerms.Add(source.Uuid, destination.PlaceBeside(source), terms, link);
        return terms;
    }

    /// <summary>The link between the two, as earlier migrations have shown it; null where none has. QEMU does not know the links of its host.</summary>
    /// <param name="source">The QEMU that the guest would leave.</param>
    /// <param name="destination">The QEMU that it would go to.</param>
    /// <param name="records">Migrations, between any.</param>
    /// <param name="now">What time it is.</param>
    public static MigrationLink? LinkTo(this QemuProcess source, QemuProcess destination, IEnumerable<History.MigrationRecord> records, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        return History.LinkExperience.Between(records, source.PlaceBeside(destination), destination.PlaceBeside(source), now);
    }

    /// <summary>Memory of this host that a local QEMU uses, in bytes: what of the guest's was never touched is not in it. Null where that cannot be seen.</summary>
    private static async Task<long?> ResidentAsync(QemuProcess process, CancellationToken cancellationToken)
    {
        if (process.Process is not { } local)
            return null;
        try
        {
            var lines = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{local.Id}/status"), cancellationToken).ConfigureAwait(false);
            return InUse(lines) is { } used ? Math.Min(used, process.MaxMemory ?? long.MaxValue) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Bytes by the lines of <c>/proc/PID/status</c>: what is in memory, in huge pages, which are not in the first, and swapped out. Null where it has none of the first.</summary>
    internal static long? InUse(IReadOnlyList<string> lines)
    {
        return Kibibytes("VmRSS:") is { } resident ? (resident + (Kibibytes("HugetlbPages:") ?? 0) + (Kibibytes("VmSwap:") ?? 0)) * 1024 : null;

        long? Kibibytes(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var number, "kB"]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes : null;
    }
}
