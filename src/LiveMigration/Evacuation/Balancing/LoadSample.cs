using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>The counters of a host and its VMs at one moment.</summary>
/// <param name="Ticks">The moment, as <see cref="TimeProvider.GetTimestamp"/> tells it.</param>
/// <param name="Host">How long the host's CPUs have worked; null where it is not reported.</param>
/// <param name="Available">Memory that a new VM could use, in bytes; null where it is not reported.</param>
/// <param name="Domains">Its running VMs.</param>
internal sealed record LoadSample(long Ticks, CpuTimes? Host, long? Available, IReadOnlyDictionary<Guid, DomainCounters> Domains)
{
    private const DomainStatistics Wanted = DomainStatistics.State | DomainStatistics.Cpu | DomainStatistics.Balloon | DomainStatistics.Vcpu | DomainStatistics.Interface;

    internal static LoadSample Read(Connection connection, TimeProvider clock)
    {
        var domains = DomainListing.Statistics(connection, Wanted, wants: null, DomainCounters.Read).OfType<DomainCounters>().ToDictionary(domain => domain.Uuid);
        var ticks = clock.GetTimestamp();
        CpuTimes? times = null;
        try
        {
            times = CpuTimes.Read(connection);
        }
        catch (LibvirtException)
        {
            // A driver that does not count them.
        }

        return new LoadSample(ticks, times, MemoryAvailable.Read(connection), domains);
    }
}
