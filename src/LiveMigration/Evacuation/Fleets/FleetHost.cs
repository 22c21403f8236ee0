using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>A host as the planner sees it.</summary>
public sealed record FleetHost : HostLimits
{
    /// <summary>The machine's memory.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>The host's name.</summary>
    public override string ToString() => Name;
}
