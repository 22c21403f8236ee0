using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>A host of the group, with what is on it as units move.</summary>
internal sealed class LoadHost
{
    private readonly double _cpuLimit;
    private double _cpu;
    private long _evicted;
    private long _evictedVCpus;

    internal LoadHost(int index, FleetHost host, double bytesPerSecond, double[] capacities, BalanceOptions balance, EvacuationOptions options)
    {
        (Index, Host, Capacities, BytesPerSecond) = (index, host, capacities, bytesPerSecond);
        Used = new double[capacities.Length];
        Room = new HostCapacity(host with { VCpus = Fewest(host.VCpus, balance.CpuOvercommit * host.Cpus) }, bytesPerSecond, options);
        _cpuLimit = host.Cpus * balance.MaxCpu - (host.OwnCpu ?? 0) ?? double.PositiveInfinity;
    }

    internal int Index { get; }

    internal FleetHost Host { get; }

    internal HostCapacity Room { get; }

    internal double BytesPerSecond { get; }

    /// <summary>What it has of each resource that the goal looks at, and what its units take of that.</summary>
    internal double[] Capacities { get; }

    internal double[] Used { get; }

    /// <summary>How many CPUs its VMs keep busy.</summary>
    internal double Cpu => _cpu;

    /// <summary>Whether its CPUs are busier than they may be after a VM has come.</summary>
    internal bool IsTooBusy => _cpu > _cpuLimit;

    internal List<LoadUnit> Units { get; } = [];

    internal double Share(int resource) => Used[resource] / Capacities[resource];

    internal void Settle(LoadUnit unit)
    {
        foreach (var domain in unit.Domains)
            Room.Settle(domain);
        Count(unit, 1);
    }

    /// <summary>Whether a unit may come, of all that its definition, its wishes and the limits say.</summary>
    internal bool Takes(LoadUnit unit) =>
        (unit.Cpu == 0 || _cpu + unit.Cpu <= _cpuLimit)
        && Room.Takes(unit.Group)
        && (!unit.IsPart || Room.Residents.Any(resident => resident.AffinityGroup == unit.Group.AffinityGroup));

    /// <summary>Whether it has the room also while those are still here that are to leave.</summary>
    internal bool TakesAtOnce(LoadUnit unit)
    {
        var (memory, vcpus) = unit.Home == Index ? (_evicted - unit.Group.Memory, _evictedVCpus - unit.Group.VCpus) : (_evicted, _evictedVCpus);
        return unit.Group.Memory <= Room.Free - memory && unit.Group.VCpus <= Room.FreeVCpus - vcpus
            && (Room.Evicted.Count == 0 || !unit.Domains.Any(domain => domain.AntiAffinityGroup is { } apart && Room.Evicted.Any(leaving => leaving.AntiAffinityGroup == apart && !unit.Domains.Contains(leaving))));
    }

    internal void Arrive(LoadUnit unit)
    {
        foreach (var domain in unit.Domains)
        {
            if (unit.Home == Index)
                Room.Readmit(domain);
            else
                Room.Receive(domain);
        }

        if (unit.Home == Index)
            (_evicted, _evictedVCpus) = (_evicted - unit.Group.Memory, _evictedVCpus - unit.Group.VCpus);
        Count(unit, 1);
    }

    internal void Depart(LoadUnit unit)
    {
        foreach (var domain in unit.Domains)
        {
            if (unit.Home == Index)
                Room.Evict(domain);
            else
                Room.Return(domain);
        }

        if (unit.Home == Index)
            (_evicted, _evictedVCpus) = (_evicted + unit.Group.Memory, _evictedVCpus + unit.Group.VCpus);
        Count(unit, -1);
    }

    private static int? Fewest(int? described, double? allowed) =>
        allowed is { } most && (described is null || most < described) ? (int)Math.Min(most, int.MaxValue) : described;

    private void Count(LoadUnit unit, int sign)
    {
        if (sign > 0)
            Units.Add(unit);
        else
            Units.Remove(unit);
        _cpu += sign * unit.Cpu;
        for (var resource = 0; resource < Used.Length; resource++)
            Used[resource] += sign * unit.Amounts[resource];
    }
}
