using System.Collections.Concurrent;
using System.Net;
using System.Xml.Linq;
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
    private readonly ConcurrentDictionary<(LibvirtHost, HostNeeds), Lazy<Task<HostSnapshot>>> _hosts = new();
    private readonly ConcurrentDictionary<(LibvirtHost, Guid), Lazy<Task<DomainSnapshot>>> _domains = new();
    private readonly ConcurrentDictionary<(LibvirtHost, LibvirtHost), Lazy<Task<Fact<IReadOnlyList<IPAddress>>>>> _names = new();

    /// <summary>What the hosts said.</summary>
    internal Inventory Inventory { get; } = new(needsAllDomains: true);

    /// <summary>The pools that were looked at again.</summary>
    internal PoolLooks Looks { get; } = new();

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
        var snapshot = await _domains.GetOrAdd(
            (domain.Host, domain.Uuid),
            _ => new(() => DomainGathering.GatherAsync(domain, Inventory, allowMonitor, blockersOnly, CancellationToken.None))).Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var target = await Question.TryAsync(
            () => Task.FromResult(XElement.Parse(demand.Rewrite(snapshot.Xml.Value.ToString(SaveOptions.DisableFormatting))))).ConfigureAwait(false);
        XElement[] definitions = [.. new[] { snapshot.Xml, target }.Where(xml => xml.IsHad).Select(xml => xml.Value)];
        var asking = HostAsync(destination, blockersOnly ? HostNeeds.OfDestination(definitions) : HostNeeds.All, cancellationToken);
        var here = await HostAsync(domain.Host, blockersOnly ? HostNeeds.OfSource(definitions) : HostNeeds.All, cancellationToken).ConfigureAwait(false);
        var there = await asking.ConfigureAwait(false);
        var fit = await FitGathering.GatherAsync(
            there, snapshot, target, demand, blockersOnly, disks, NameAsync(domain.Host, there), Looks, Inventory, cancellationToken).ConfigureAwait(false);
        return new ReadinessFacts
        {
            Name = domain.Name,
            Uuid = domain.Uuid,
            Source = here,
            Destination = there,
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

    private Task<HostSnapshot> HostAsync(LibvirtHost host, HostNeeds needs, CancellationToken cancellationToken) =>
        _hosts.GetOrAdd((host, needs), key => new(() => HostGathering.GatherAsync(key.Item1, Inventory, key.Item2, CancellationToken.None))).Value.WaitAsync(cancellationToken);
}
