using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>Domains that are placed together: one, or those of an affinity group.</summary>
internal sealed class PlacementGroup(IReadOnlyList<FleetDomain> domains)
{
    internal IReadOnlyList<FleetDomain> Domains { get; } = domains;

    internal long Memory { get; } = domains.Sum(domain => domain.Memory);

    internal long VCpus { get; } = domains.Sum(domain => (long)domain.VCpus);

    internal double Bytes { get; } = domains.Sum(TransferSize.Of);

    /// <summary>The name of the group, where it is one.</summary>
    internal string? AffinityGroup => Domains[0].AffinityGroup;

    /// <summary>Two of the group that may not be together.</summary>
    internal bool IsContradicting => Domains.Where(domain => domain.AntiAffinityGroup is not null).GroupBy(domain => domain.AntiAffinityGroup).Any(group => group.Count() > 1);
}
