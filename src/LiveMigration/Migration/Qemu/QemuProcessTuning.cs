using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>What the migration of a QEMU may use, and uses. <see cref="MigrationRun"/> sets it, as it knows which part is for disks.</summary>
public static class QemuProcessTuning
{
    /// <summary>What QEMU's own limit is where none was set.</summary>
    private const long Unlimited = long.MaxValue;

    /// <summary>Gets the limit, and the bandwidth used now.</summary>
    /// <param name="process">The QEMU that the guest leaves.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It does not answer.</exception>
    public static async Task<MigrationBandwidth> GetMigrationBandwidthAsync(this QemuProcess process, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        var parameters = await monitor.QueryMigrationParametersAsync(cancellationToken).ConfigureAwait(false);
        var info = await monitor.QueryMigrationAsync(cancellationToken).ConfigureAwait(false);
        return new MigrationBandwidth
        {
            Name = process.Name,
            HostName = process.HostName,
            Limit = MigrationRuns.Current.FirstOrDefault(run => run.SourceProcess == process) is { } run ? run.Bandwidth : Limit(parameters, "max-bandwidth"),
            PostCopyLimit = Limit(parameters, "max-postcopy-bandwidth"),
            CanLimitPostCopy = parameters.ContainsKey("max-postcopy-bandwidth"),
            MemoryRate = QemuStatus.IsUnderWay(info.Status) ? QemuStatistics.Of(info).MemoryRate : null,
        };
    }

    /// <summary>Limits what is fetched in post-copy; memory and disks before that are limited by <see cref="MigrationRun.SetBandwidthAsync"/>.</summary>
    /// <param name="process">The QEMU that the guest leaves.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It does not answer, or has no such limit.</exception>
    public static async Task SetPostCopyBandwidthAsync(this QemuProcess process, Bandwidth limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        await monitor.SetMigrationParameterAsync("max-postcopy-bandwidth", limit.IsUnlimited ? 0L : limit.BytesPerSecond, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the maximum downtime, and the downtime expected now.</summary>
    /// <param name="process">The QEMU that the guest leaves.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It does not answer.</exception>
    public static async Task<MigrationDowntime> GetMigrationDowntimeAsync(this QemuProcess process, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        var parameters = await monitor.QueryMigrationParametersAsync(cancellationToken).ConfigureAwait(false);
        var info = await monitor.QueryMigrationAsync(cancellationToken).ConfigureAwait(false);
        return new MigrationDowntime
        {
            Name = process.Name,
            HostName = process.HostName,
            Limit = TimeSpan.FromMilliseconds(parameters.TryGetValue("downtime-limit", out var limit) && limit is long milliseconds ? milliseconds : 0),
            Expected = QemuStatus.IsUnderWay(info.Status) ? QemuStatistics.Of(info).ExpectedDowntime : null,
        };
    }

    private static long? Limit(IReadOnlyDictionary<string, object> parameters, string name) =>
        parameters.TryGetValue(name, out var value) && value is long limit and > 0 and < Unlimited ? limit : null;
}
