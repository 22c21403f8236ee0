using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>What moves as one: a domain, or those of an affinity group that are on one host.</summary>
internal sealed class LoadUnit(int index, PlacementGroup group, int home, double[] amounts, UnmovableDomain? stays)
{
    internal int Index { get; } = index;

    internal PlacementGroup Group { get; } = group;

    /// <summary>Where it is before anything moves.</summary>
    internal int Home { get; } = home;

    /// <summary>Where it is now.</summary>
    internal int At { get; set; } = home;

    /// <summary>What it takes of each resource that the goal looks at.</summary>
    internal double[] Amounts { get; } = amounts;

    /// <summary>How many CPUs it keeps busy.</summary>
    internal double Cpu { get; } = group.Domains.Sum(domain => domain.Cpu ?? 0);

    /// <summary>Why it does not move; null when it may.</summary>
    internal UnmovableDomain? Stays { get; } = stays;

    /// <summary>Others of its affinity group are on other hosts: it may only join them.</summary>
    internal bool IsPart { get; init; }

    internal IReadOnlyList<FleetDomain> Domains => Group.Domains;
}
