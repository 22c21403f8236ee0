using System.Collections.Concurrent;
using System.Net;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Gathering;

/// <summary>
/// VM + destination → all facts. What hosts say is asked once, however many VMs are judged; so is what a VM's host says of it. Who gives up waits no longer,
/// but spoils the answer for nobody else: each question ends by its own limit.
/// </summary>
internal sealed class ReadinessGathering(bool allowMonitor, bool blockersOnly = false)
{
    private readonly ConcurrentDictionary<LibvirtHost, Lazy<Task<HostSnapshot>>> _hosts = new();
    private readonly ConcurrentDictionary<(LibvirtHost, Guid), Lazy<Task<DomainSnapshot>>> _domains = new();
    private readonly PoolLooks _looks = new();
    private readonly ConcurrentDictionary<(LibvirtHost, LibvirtHost), Lazy<Task<Fact<IReadOnlyList<IPAddress>>>>> _names = new();

    /// <summary>The definitions of all domains of the hosts.</summary>
    internal DefinitionLooks Definitions { get; } = new();

    /// <param name="domain">The VM.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="demand">How.</param>
    /// <param name="policy">Where enough ends, and what belongs together.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="disks">What is known of the disks, where somebody has asked already.</param>
    internal async Task<ReadinessFacts> GatherAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationDemand demand, ReadinessPolicy policy, CancellationToken cancellationToken,
        Task<IReadOnlyList<DiskFacts>>? disks = null)
    {
        var there = HostAsync(destination, cancellationToken);
        var here = await HostAsync(domain.Host, cancellationToken).ConfigureAwait(false);
        var snapshot = await _domains.GetOrAdd(
            (domain.Host, domain.Uuid),
            _ => new(() => DomainGathering.GatherAsync(domain, here, allowMonitor, blockersOnly, CancellationToken.None))).Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var fit = await FitGathering.GatherAsync(
            await there.ConfigureAwait(false), snapshot, demand, blockersOnly, disks, NameAsync(domain.Host, await there.ConfigureAwait(false)), _looks, Definitions, cancellationToken).ConfigureAwait(false);
        return new ReadinessFacts
        {
            Name = domain.Name,
            Uuid = domain.Uuid,
            Source = here,
            Destination = await there.ConfigureAwait(false),
            Domain = snapshot,
            Fit = fit,
            Demand = demand,
            Thresholds = policy.Thresholds,
            Placement = policy.Placement,
        };
    }

    private Task<Fact<IReadOnlyList<IPAddress>>> NameAsync(LibvirtHost source, HostSnapshot destination) => _names.GetOrAdd(
        (source, destination.Host),
        _ => new(() => Question.TryAsync(() => NameLook.AtAsync(source, destination.Info.Value.MachineName, blockersOnly, CancellationToken.None)))).Value;

    private Task<HostSnapshot> HostAsync(LibvirtHost host, CancellationToken cancellationToken) =>
        _hosts.GetOrAdd(host, key => new(() => HostGathering.GatherAsync(key, blockersOnly, CancellationToken.None))).Value.WaitAsync(cancellationToken);
}
