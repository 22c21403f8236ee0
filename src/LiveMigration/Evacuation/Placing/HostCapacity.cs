using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Placing;

/// <summary>What a receiving host has left as domains are placed on it.</summary>
internal sealed class HostCapacity
{
    private readonly long _capacity;
    private readonly List<FleetDomain> _residents = [];
    private readonly List<FleetDomain> _evicted = [];
    private readonly Dictionary<string, int> _groups = [];
    private long _free;
    private long _freeVCpus;

    internal HostCapacity(FleetHost host, double bytesPerSecond, EvacuationOptions options)
    {
        Host = host;
        BytesPerSecond = bytesPerSecond;
        _capacity = Math.Max(1, host.Memory.Bytes - host.ReservedMemory.Bytes - host.Memory.Bytes / 100 * options.Headroom);
        _free = _capacity;
        _freeVCpus = host.VCpus ?? long.MaxValue;
    }

    internal FleetHost Host { get; }

    /// <summary>How fast it can receive.</summary>
    internal double BytesPerSecond { get; }

    /// <summary>What it will have received.</summary>
    internal double Incoming { get; private set; }

    internal long Free => _free;

    internal long FreeVCpus => _freeVCpus;

    internal IReadOnlyList<FleetDomain> Residents => _residents;

    /// <summary>Who has to be gone before anybody else comes.</summary>
    internal IReadOnlyList<FleetDomain> Evicted => _evicted;

    internal void Settle(FleetDomain domain) => Count(domain, 1);

    internal void Receive(FleetDomain domain)
    {
        Count(domain, 1);
        Incoming += TransferSize.Of(domain);
    }

    internal void Return(FleetDomain domain)
    {
        Count(domain, -1);
        Incoming -= TransferSize.Of(domain);
    }

    internal void Evict(FleetDomain domain)
    {
        Count(domain, -1);
        _evicted.Add(domain);
    }

    internal void Readmit(FleetDomain domain)
    {
        Count(domain, 1);
        _evicted.Remove(domain);
    }

    /// <summary>The lower, the better: how full its memory and how busy its link would be.</summary>
    internal double Score(PlacementGroup group, double reference) =>
        1 - (double)(_free - group.Memory) / _capacity + (Incoming + group.Bytes) / BytesPerSecond / reference;

    /// <summary>Why the group cannot be here, whatever room were made.</summary>
    internal string? Refuses(PlacementGroup group)
    {
        foreach (var domain in group.Domains)
        {
            if (domain.Refusals.Count > 0 && domain.Refusals.TryGetValue(Host.Name, out var reason))
                return reason;
            if (domain.AntiAffinityGroup is { } apart && _groups.ContainsKey(apart))
                return $"'{_residents.Find(other => other.AntiAffinityGroup == apart)}' of the anti-affinity group '{apart}' is already there";
        }

        return null;
    }

    /// <summary>What is too little for the group.</summary>
    internal string? Lacks(PlacementGroup group) =>
        group.Memory > _free ? $"{new ByteSize(Math.Max(0, _free))} of memory available for guests, {new ByteSize(group.Memory)} required"
        : group.VCpus > _freeVCpus ? $"{Math.Max(0, _freeVCpus)} virtual CPUs available, {group.VCpus} required"
        : null;

    internal bool Takes(PlacementGroup group) => group.Memory <= _free && group.VCpus <= _freeVCpus && Refuses(group) is null;

    private void Count(FleetDomain domain, int sign)
    {
        if (sign > 0)
            _residents.Add(domain);
        else
            _residents.Remove(domain);
        _free -= sign * domain.Memory;
        if (Host.VCpus is not null)
            _freeVCpus -= sign * domain.VCpus;
        if (domain.AntiAffinityGroup is not { } group)
            return;
        _groups[group] = _groups.GetValueOrDefault(group) + sign;
        if (_groups[group] == 0)
            _groups.Remove(group);
    }
}
