using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Placing;

/// <summary>Where a domain goes.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Destination">Its new host.</param>
/// <param name="Alternatives">Where else it would have room, the best first.</param>
/// <param name="After">Who has to be gone from there before.</param>
internal sealed record Placement(FleetDomain Domain, FleetHost Destination, IReadOnlyList<string> Alternatives, IReadOnlyList<FleetDomain> After);
