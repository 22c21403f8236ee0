namespace LiveMigration.Evacuation.Fleets;

/// <summary>Hosts, the links between them and their domains at one moment: all that an evacuation is planned from.</summary>
public sealed record Fleet
{
    /// <summary>The hosts: those to empty and those that can receive VMs.</summary>
    public required IReadOnlyList<FleetHost> Hosts { get; init; }

    /// <summary>What migrations pass on their way and may not fill beyond its limits.</summary>
    public IReadOnlyList<FleetLink> Links { get; init; } = [];

    /// <summary>What was described beside what the hosts report; a plan's run keeps to it, too.</summary>
    public FleetDescription Description { get; init; } = FleetDescription.None;

    /// <summary>The domains on all hosts: those that move, and those that take room where they are.</summary>
    public required IReadOnlyList<FleetDomain> Domains { get; init; }
}
