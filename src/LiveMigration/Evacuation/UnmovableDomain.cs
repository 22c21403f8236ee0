using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation;

/// <summary>A domain that stays.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Reason">Why it stays.</param>
/// <param name="Remedy">What would make it possible to move it.</param>
public sealed record UnmovableDomain(FleetDomain Domain, string Reason, string Remedy)
{
    /// <summary>Its name and the reason.</summary>
    public override string ToString() => $"{Domain}: {Reason}";
}
