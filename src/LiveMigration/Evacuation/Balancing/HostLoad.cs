using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>What the VMs of a host, and the host itself, used over a time. Null is what the host does not report.</summary>
public sealed record HostLoad
{
    private readonly ItemList<DomainLoad> _domains = ItemList<DomainLoad>.Empty;
    private readonly ItemList<string> _unknown = ItemList<string>.Empty;

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>Its logical CPUs that are online.</summary>
    public int? Cpus { get; init; }

    /// <summary>How many CPUs were busy with anything, for example 3.5.</summary>
    public double? HostCpu { get; init; }

    /// <summary>How many CPUs were busy with its VMs.</summary>
    public double? Cpu => Domains.Any(domain => domain.Cpu is null) ? null : Domains.Sum(domain => domain.Cpu);

    /// <summary>The part of its CPUs that its VMs kept busy, 0 to 1; the CPU share of the imbalance.</summary>
    public double? CpuShare => Cpus > 0 ? Cpu / Cpus : null;

    /// <summary>The machine's memory, in bytes.</summary>
    public long? TotalMemory { get; init; }

    /// <summary>Memory that is neither free nor a cache, in bytes.</summary>
    public long? UsedMemory { get; init; }

    /// <summary>Memory that its VMs were given, in bytes.</summary>
    public long? Memory => Domains.Any(domain => domain.Memory is null) ? null : Domains.Sum(domain => domain.Memory);

    /// <summary>The part of its memory that its VMs were given, 0 to 1, or more where memory is over-committed; the memory share of the imbalance.</summary>
    public double? MemoryShare => TotalMemory > 0 ? (double?)Memory / TotalMemory : null;

    /// <summary>What its VMs received over the network, in bytes per second.</summary>
    public long? Received => Domains.Any(domain => domain.Received is null) ? null : Domains.Sum(domain => domain.Received);

    /// <summary>What its VMs sent, in bytes per second.</summary>
    public long? Sent => Domains.Any(domain => domain.Sent is null) ? null : Domains.Sum(domain => domain.Sent);

    /// <summary>How fast its VMs changed their memory, in bytes per second, as far as that was measured; null if it was of none.</summary>
    public long? DirtyRate => Domains.Any(domain => domain.DirtyRate is not null) ? Domains.Sum(domain => domain.DirtyRate) : null;

    /// <summary>Whether it is in maintenance: then it does not count in the imbalance.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>Its running VMs.</summary>
    public IReadOnlyList<DomainLoad> Domains { get => _domains; init => _domains = ItemList<DomainLoad>.Of(value); }

    /// <summary>What is not known of it, in words.</summary>
    public IReadOnlyList<string> Unknown { get => _unknown; init => _unknown = ItemList<string>.Of(value); }

    /// <summary>The machine's UUID; null where the host does not report it.</summary>
    internal Guid? Uuid { get; init; }

    /// <summary>The host's name.</summary>
    public override string ToString() => HostName;
}
