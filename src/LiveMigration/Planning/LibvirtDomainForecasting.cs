using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;

namespace LiveMigration.Planning;

/// <summary>domain + destination → what a forecast of its migration is made for.</summary>
public static class LibvirtDomainForecasting
{
    /// <summary>
    /// Asks the source what the domain is: its downtime limit, the memory that it uses, its QEMU; and, with a destination, which of its disks have to
    /// be copied. Nothing is changed.
    /// </summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="destination">Where it is to go.</param>
    /// <param name="link">How fast memory can be sent.</param>
    /// <param name="options">How it is migrated.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The domain is not there, or cannot be migrated to this destination, and why.</exception>
    public static async Task<ForecastTerms> GetForecastTermsAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationLink link, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(link);
        options ??= MigrationOptions.Default;
        var planning = domain.PlanMigrationAsync(destination, options, cancellationToken);
        var asking = domain.Host.CallAsync(
            domain.Uuid,
            native => (
                Kvm: (string?)XElement.Parse(native.GetXml(XmlView.Live)).Attribute("type") == "kvm",
                Downtime: TimeSpan.FromMilliseconds(native.GetMaxDowntime())),
            cancellationToken);
        var used = UsedAsync(domain, cancellationToken);
        var resident = domain.Host.CallAsync(connection => ResidentMemory(connection, domain.Uuid), cancellationToken);
        var host = await domain.Host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var plan = await planning.ConfigureAwait(false);
        var (kvm, downtime) = await asking.ConfigureAwait(false);
        var terms = new ForecastTerms
        {
            Bandwidth = link.Bandwidth,
            MaxDowntime = options.MaxDowntime ?? downtime,
            Timeout = options.Timeout,
            MemoryInUse = Least(await resident.ConfigureAwait(false), await used.ConfigureAwait(false)),
            Disks = plan.Disks.Where(disk => disk.Transfer is not DiskTransfer.None).Sum(disk => disk.Bytes ?? disk.Capacity ?? 0),
            Overhead = TimeSpan.FromSeconds(1),
            Kvm = kvm,
            Qemu = host.HypervisorVersion,
        };
        // What is only supposed is not what a real migration has.
        if (link.Source != MigrationLink.Specified)
            RecentForecastTerms.Add(domain.Uuid, destination.Name, terms, link);
        return terms;
    }

    /// <summary>Null where the host does not let us look, or cannot.</summary>
    private static async Task<long?> UsedAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        try
        {
            return domain.MaxMemory is > 0 and var memory
                ? await domain.Host.CallAsync(domain.Uuid, native => MemorySample.InUse(native, memory), cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (LiveMigrationException)
        {
            return null;
        }
    }

    private static long? Least(long? one, long? other) => one is null || other < one ? other : one;

    /// <summary>Memory of the host that the domain's process uses, in bytes: what of the guest's was never touched is not in it. Null where the host does not report it.</summary>
    private static long? ResidentMemory(Connection connection, Guid uuid) => DomainListing.Statistics(
        connection, DomainStatistics.Balloon, (_, other) => other == uuid, (_, _, statistics) => statistics.Number("balloon.rss"u8) * 1024).FirstOrDefault();
}
