using LiveMigration.Units;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>A host as the planner sees it.</summary>
public sealed record FleetHost : HostLimits
{
    /// <summary>The machine's memory.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>Its logical CPUs; null is not known.</summary>
    public int? Cpus { get; init; }

    /// <summary>How many CPUs are busy with something other than its VMs, for example 0.5; null is not known.</summary>
    public double? OwnCpu { get; init; }

    /// <summary>Whether it is in maintenance: then nothing is balanced onto it or away from it.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>The host's name.</summary>
    public override string ToString() => Name;
}
