using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>The loads of a group of hosts over a time, and how uneven they are.</summary>
public sealed record FleetBalance
{
    private readonly ItemList<HostLoad> _hosts = ItemList<HostLoad>.Empty;
    private readonly ItemList<string> _unreachable = ItemList<string>.Empty;

    /// <summary>The hosts that answered.</summary>
    public required IReadOnlyList<HostLoad> Hosts { get => _hosts; init => _hosts = ItemList<HostLoad>.Of(value); }

    /// <summary>The hosts that did not answer: with one of them the imbalance is not known.</summary>
    public IReadOnlyList<string> Unreachable { get => _unreachable; init => _unreachable = ItemList<string>.Of(value); }

    /// <summary>Over which time it was measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How uneven the loads are, and in what; hosts in maintenance do not count.</summary>
    public LoadImbalance Parts
    {
        get
        {
            HostLoad[] counted = Unreachable.Count > 0 ? [] : [.. Hosts.Where(host => !host.IsInMaintenance)];
            return LoadImbalance.Of([.. counted.Select(host => host.CpuShare)], [.. counted.Select(host => host.MemoryShare)]);
        }
    }

    /// <summary>The imbalance, 0 to 0.5: see <see cref="LoadImbalance"/>. Null where it is not known.</summary>
    public double? Imbalance => Parts.Value;

    /// <summary>For example <c>a, b, c: 0.21 (CPU 0.32, memory 0.1)</c>.</summary>
    public override string ToString() => $"{string.Join(", ", Hosts)}: {Parts}";
}
