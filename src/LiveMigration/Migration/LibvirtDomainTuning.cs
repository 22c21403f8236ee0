using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>run or domain ← settings: before a migration and while it runs.</summary>
public static class LibvirtDomainTuning
{
    /// <summary>What libvirt calls unlimited, in MiB/s (<c>VIR_DOMAIN_MIGRATE_MAX_SPEED</c> is INT64_MAX bytes).</summary>
    private const ulong UnlimitedMebibytes = long.MaxValue / (1024 * 1024);

    /// <summary>From this libvirt on, the limit of a disk that is being copied may be changed during the migration; 9.0 refuses.</summary>
    private static readonly Version DiskLimits = new(11, 3, 0);

    /// <summary>Gets the limit, and the bandwidth used now.</summary>
    /// <param name="domain">A running domain, on the source.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<MigrationBandwidth> GetMigrationBandwidthAsync(this LibvirtDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.Host.CallAsync(
            domain.Uuid,
            native =>
            {
                var job = native.GetJobStatistics();
                var postCopy = PostCopyLimit(native);
                return new MigrationBandwidth
                {
                    Name = domain.Name,
                    HostName = domain.HostName,
                    // A limit given with the migration itself is not the one that libvirt keeps for the domain.
                    Limit = Number(MigrationRuns.Of(domain)?.Limit ?? FromMebibytes(native.GetMaxSpeed())),
                    PostCopyLimit = Number(postCopy),
                    CanLimitPostCopy = postCopy is not null,
                    MemoryRate = job is { IsActive: true, MemoryBytesPerSecond: >= 0 and var memory } ? memory : null,
                    DiskRate = job is { IsActive: true, DiskTotal: > 0, DiskBytesPerSecond: >= 0 and var disks } ? disks : null,
                };
            },
            cancellationToken);
    }

    /// <summary>Sets the limit, for the next migration or the one that runs; it covers memory and disks together.</summary>
    /// <param name="domain">A running domain, on the source.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="postCopy">Whether it is the limit after a switch to post-copy.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">
    /// The domain is not there, or does not run; or disks are being copied, and its libvirt changes the limit of memory alone.
    /// </exception>
    public static Task SetMigrationBandwidthAsync(
        this LibvirtDomain domain, Bandwidth limit, bool postCopy = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.Host.CallAsync(connection => SetBandwidth(connection, domain, limit, postCopy), cancellationToken);
    }

    /// <summary>Whether the limits of disks that are being copied can be changed.</summary>
    internal static Task<bool> CanLimitDisksAsync(this LibvirtHost host) =>
        host.CallAsync(connection => connection.GetLibvirtVersion() >= DiskLimits, CancellationToken.None);

    private static void SetBandwidth(Connection connection, LibvirtDomain domain, Bandwidth limit, bool postCopy)
    {
        using var native = connection.LookupByUuid(domain.Uuid);
        // libvirt takes a limit for a domain that does not run, and drops it.
        if (new DomainStatus((DomainState)native.GetState().State, 0) is { IsActive: false })
        {
            throw new LiveMigrationException(
                Faults.DomainNotRunning,
                $"{domain.HostName}: '{domain.Name}' is not running, so it has no migration to limit; libvirt would discard the limit.",
                domain.HostName);
        }

        if (postCopy)
        {
            native.SetMaxSpeed(ToMebibytes(limit), postCopy: true);
            return;
        }

        var (memory, disks) = BandwidthBudget.Split(limit, DiskMirrors.Read(native, domain));
        native.SetMaxSpeed(ToMebibytes(memory));
        if (MigrationRuns.Of(domain) is { } run)
            run.Limit = limit;
        // An older libvirt would wait half a minute for the migration to let it, and fail.
        if (disks.Count > 0 && connection.GetLibvirtVersion() is var version && version < DiskLimits)
        {
            throw new LiveMigrationException(
                Faults.DiskLimitFixed,
                $"{domain.HostName}: the limit of '{domain.Name}' was set only for memory; during a migration, libvirt {version} cannot change the limit of {string.Join(", ", disks.Keys)}, which is being copied.",
                domain.HostName);
        }

        foreach (var (disk, share) in disks)
            native.SetBlockJobSpeed(disk, share.IsUnlimited ? 0 : (ulong)share.BytesPerSecond);
    }

    /// <summary>Gets the maximum downtime, and the downtime expected now.</summary>
    /// <param name="domain">A running domain, on the source.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<MigrationDowntime> GetMigrationDowntimeAsync(this LibvirtDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.Host.CallAsync(
            domain.Uuid,
            native => new MigrationDowntime
            {
                Name = domain.Name,
                HostName = domain.HostName,
                Limit = TimeSpan.FromMilliseconds(native.GetMaxDowntime()),
                Expected = native.GetJobStatistics() is { IsActive: true, Downtime: { } expected } ? TimeSpan.FromMilliseconds(expected) : null,
            },
            cancellationToken);
    }

    /// <summary>Sets the maximum downtime of the running or the next migration.</summary>
    /// <param name="domain">A running domain, on the source.</param>
    /// <param name="limit">1 ms to 2,000 s.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task SetMigrationDowntimeAsync(this LibvirtDomain domain, Duration limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (limit.Milliseconds is < 1 or > 2_000_000)
            throw new LiveMigrationException(Faults.OutOfRange, $"The downtime must be 1 ms to 2000 s, not {limit}.", domain.HostName);
        return domain.Host.CallAsync(
            domain.Uuid,
            native => native.SetMaxDowntime((ulong)limit.Milliseconds),
            cancellationToken);
    }

    private static Bandwidth? PostCopyLimit(NativeDomain native)
    {
        try
        {
            return FromMebibytes(native.GetMaxSpeed(postCopy: true));
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.InvalidArgument or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.OperationInvalid)
        {
            return null; // libvirt before 5.1, or a QEMU without post-copy.
        }
    }

    private static ulong ToMebibytes(Bandwidth limit) => limit.IsUnlimited ? UnlimitedMebibytes : limit.MebibytesPerSecond;

    private static Bandwidth FromMebibytes(ulong speed) => speed is 0 or >= UnlimitedMebibytes ? Bandwidth.Unlimited : Bandwidth.FromMebibytes((long)speed);

    private static long? Number(Bandwidth? limit) => limit is { IsUnlimited: false } known ? known.BytesPerSecond : null;
}
