using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation;

/// <summary>What a domain puts on the wire.</summary>
internal static class TransferSize
{
    /// <summary>What has to travel even if the guest stood still.</summary>
    internal static double Of(FleetDomain domain) => (double)domain.Memory + domain.Disks;
}
