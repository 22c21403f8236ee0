namespace LiveMigration.Readiness;

/// <summary>Which VMs a site wants on one host, and which not: each group is all VMs whose names match a pattern.</summary>
public sealed record ReadinessPlacement
{
    /// <summary>Any VM may be anywhere.</summary>
    public static readonly ReadinessPlacement None = new();

    /// <summary>VMs that match the same pattern must not share a host.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>VMs that match the same pattern must be on one host.</summary>
    public IReadOnlyList<string> Together { get; init; } = [];
}
