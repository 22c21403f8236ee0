namespace LiveMigration.Hosts.Maintenance;

/// <summary>A domain that ran on a host when its maintenance began.</summary>
/// <param name="Uuid">Its UUID.</param>
/// <param name="Name">Its name.</param>
public sealed record HostedDomain(Guid Uuid, string Name)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
