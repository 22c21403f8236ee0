using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>A host as the planner sees it.</summary>
public sealed record FleetHost
{
    /// <summary>Its name, one of a kind in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>The machine's memory.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>What of it is not for guests.</summary>
    public ByteSize ReservedMemory { get; init; }

    /// <summary>How many virtual CPUs its guests may have together; null is not limited.</summary>
    public int? VCpus { get; init; }

    /// <summary>
    /// The links from its network card outwards, for example <c>a</c>, <c>rack1</c>, <c>site-north</c>. A migration passes
    /// the links of both hosts, except those that both have. Empty is a link of its own.
    /// </summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>The link that disk images copied to this host are written through; null is none that has a limit.</summary>
    public string? Storage { get; init; }

    /// <summary>How many migrations may leave it at a time; null leaves <see cref="EvacuationOptions.MaxOutgoing"/>.</summary>
    public int? MaxOutgoing { get; init; }

    /// <summary>How many migrations may reach it at a time; null leaves <see cref="EvacuationOptions.MaxIncoming"/>.</summary>
    public int? MaxIncoming { get; init; }

    /// <summary>The host's name.</summary>
    public override string ToString() => Name;
}
