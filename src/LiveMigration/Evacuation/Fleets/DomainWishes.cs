namespace LiveMigration.Evacuation.Fleets;

/// <summary>Rules for domains that no host knows.</summary>
public sealed record DomainWishes
{
    /// <summary>Which domains: a name, which may have wildcards, or a UUID.</summary>
    public required string Name { get; init; }

    /// <summary>The higher, the earlier it leaves; null says nothing of it.</summary>
    public int? Priority { get; init; }

    /// <summary>Why it stays where it is; null when it may move.</summary>
    public string? Pinned { get; init; }

    /// <summary>Domains of one such name belong on one host.</summary>
    public string? AffinityGroup { get; init; }

    /// <summary>Domains of one such name belong on different hosts.</summary>
    public string? AntiAffinityGroup { get; init; }

    /// <summary>The links that its disks are read through when they are copied; empty is its host's.</summary>
    public IReadOnlyList<string> Storage { get; init; } = [];

    /// <summary>The domain with these wishes. Why it cannot move for other reasons is told rather.</summary>
    internal FleetDomain Of(FleetDomain domain) => domain with
    {
        Priority = Priority ?? domain.Priority,
        Pinned = domain.Pinned ?? Pinned,
        AffinityGroup = AffinityGroup ?? domain.AffinityGroup,
        AntiAffinityGroup = AntiAffinityGroup ?? domain.AntiAffinityGroup,
        Storage = Storage.Count > 0 ? Storage : domain.Storage,
    };
}
