using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>What of a host is not for migrations and guests, and over which links it sends and receives.</summary>
public record HostLimits
{
    /// <summary>Its name, unique in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>What of its memory is not for guests.</summary>
    public ByteSize ReservedMemory { get; init; }

    /// <summary>How many virtual CPUs its guests may have together; null is not limited.</summary>
    public int? VCpus { get; init; }

    /// <summary>
    /// The links from its network card outwards, for example <c>rack1</c>, <c>site-north</c>. A migration passes those of both hosts,
    /// except those that both have, and each host's own card, with <see cref="EvacuationOptions.Bandwidth"/>.
    /// </summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>The link that disk images are written through that are copied to this host, and read that leave it; null is none that has a limit.</summary>
    public string? Storage { get; init; }

    /// <summary>How many migrations may leave it at a time; null leaves <see cref="EvacuationOptions.MaxOutgoing"/>.</summary>
    public int? MaxOutgoing { get; init; }

    /// <summary>How many migrations may reach it at a time; null leaves <see cref="EvacuationOptions.MaxIncoming"/>.</summary>
    public int? MaxIncoming { get; init; }

    /// <summary>The same host, with what others say of it, too. Where both say something, they are right; of its memory the larger part is reserved.</summary>
    internal HostLimits And(HostLimits others) => this with
    {
        ReservedMemory = ReservedMemory.CompareTo(others.ReservedMemory) > 0 ? ReservedMemory : others.ReservedMemory,
        VCpus = others.VCpus ?? VCpus,
        Links = others.Links.Count > 0 ? others.Links : Links,
        Storage = others.Storage ?? Storage,
        MaxOutgoing = others.MaxOutgoing ?? MaxOutgoing,
        MaxIncoming = others.MaxIncoming ?? MaxIncoming,
    };
}
