using LiveMigration.Domains;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>What one VM used over a time.</summary>
public sealed record DomainLoad
{
    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The host where it runs.</summary>
    public required string HostName { get; init; }

    /// <summary>Its virtual CPUs; null where the host does not report it.</summary>
    public int? VCpus { get; init; }

    /// <summary>How many CPUs of the host it kept busy, for example 1.5; null where the host does not report it.</summary>
    public double? Cpu { get; init; }

    /// <summary>The memory that it was given, in bytes; null where the host does not report it.</summary>
    public long? Memory { get; init; }

    /// <summary>What it received over its network interfaces, in bytes per second; null where the host does not report it.</summary>
    public long? Received { get; init; }

    /// <summary>What it sent, in bytes per second; null where the host does not report it.</summary>
    public long? Sent { get; init; }

    /// <summary>How fast it changed its memory, in bytes per second; null if that was not measured.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>Whether it was not on this host for the whole time, so that it uses more than was measured.</summary>
    internal bool IsPartial { get; init; }

    /// <summary>Its state at the end.</summary>
    internal DomainStatus Status { get; init; }

    /// <summary>Its name and its host.</summary>
    public override string ToString() => $"{Name} on {HostName}";
}
