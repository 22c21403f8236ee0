using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>A domain as the planner sees it.</summary>
public sealed record FleetDomain
{
    private readonly ItemList<string> _storage = ItemList<string>.Empty;

    /// <summary>Its UUID, unique in the fleet.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The host where it is.</summary>
    public required string Host { get; init; }

    /// <summary>Its memory, all of which has to be sent, in bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Its virtual CPUs.</summary>
    public int VCpus { get; init; }

    /// <summary>How many CPUs of its host it keeps busy, for example 1.5; null is not known.</summary>
    public double? Cpu { get; init; }

    /// <summary>The amount of disk data to copy, in bytes; 0 where they are shared.</summary>
    public long Disks { get; init; }

    /// <summary>The links that its disks are read through when they are copied; empty is its host's.</summary>
    public IReadOnlyList<string> Storage { get => _storage; init => _storage = ItemList<string>.Of(value); }

    /// <summary>How fast it changes its memory, in bytes per second; null is not measured.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>The higher, the earlier it leaves.</summary>
    public int Priority { get; init; }

    /// <summary>Why it stays where it is, whatever the destination; null when it may move.</summary>
    public string? Pinned { get; init; }

    /// <summary>The hosts that it cannot go to, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Refusals { get; init; } = new Dictionary<string, string>();

    /// <summary>Domains of one such name belong on one host.</summary>
    public string? AffinityGroup { get; init; }

    /// <summary>Domains of one such name belong on different hosts.</summary>
    public string? AntiAffinityGroup { get; init; }

    /// <summary>The domain's name.</summary>
    public override string ToString() => Name;
}
