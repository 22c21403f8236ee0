using LiveMigration.Evacuation.Balancing;
using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Balancing;

/// <summary>Groups of hosts with loads, and what is so of them.</summary>
internal static class LoadedFleets
{
    public static FleetHost Host(string name, string memory = "64GiB", int cpus = 16) => Fleets.Host(name, memory) with { Cpus = cpus };

    public static FleetDomain Domain(string name, string host, double cpu, string memory = "4GiB") => Fleets.Domain(name, host, memory) with { Cpu = cpu };

    public static Fleet Of(IReadOnlyList<FleetHost> hosts, params FleetDomain[] domains) => new() { Hosts = hosts, Domains = domains };

    /// <summary>The fleet when a plan has been carried out.</summary>
    public static Fleet After(Fleet fleet, LiveMigration.Evacuation.EvacuationPlan plan)
    {
        var to = plan.Moves.ToDictionary(move => move.Domain.Uuid, move => move.Destination);
        return fleet with { Domains = [.. fleet.Domains.Select(domain => domain with { Host = to.GetValueOrDefault(domain.Uuid, domain.Host) })] };
    }

    /// <summary>The imbalance of the hosts that are not in maintenance.</summary>
    public static double Imbalance(Fleet fleet, BalanceOptions? options = null)
    {
        FleetHost[] hosts = [.. fleet.Hosts.Where(host => !host.IsInMaintenance)];
        var on = fleet.Domains.ToLookup(domain => domain.Host);
        return LoadImbalance.Of(
            [.. hosts.Select(host => (double?)on[host.Name].Sum(domain => domain.Cpu!.Value) / host.Cpus)],
            [.. hosts.Select(host => (double?)on[host.Name].Sum(domain => domain.Memory) / host.Memory.Bytes)],
            options).Value!.Value;
    }
}
