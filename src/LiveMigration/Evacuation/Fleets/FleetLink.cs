using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>Something with a limit that migrations share: a network card, an uplink, a line between sites, a storage.</summary>
public sealed record FleetLink
{
    /// <summary>Its name, unique in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>The bandwidth that migrations may use of it together.</summary>
    public required Bandwidth Bandwidth { get; init; }

    /// <summary>How many migrations may pass at a time; null is not limited.</summary>
    public int? MaxMigrations { get; init; }

    /// <summary>The link's name.</summary>
    public override string ToString() => Name;
}
