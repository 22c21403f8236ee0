namespace LiveMigration.Migration;

/// <summary>The maximum downtime of a domain at the end of a migration.</summary>
public sealed record MigrationDowntime
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The limit.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>The downtime that QEMU expects if the domain were switched over now; null when nothing migrates.</summary>
    public TimeSpan? Expected { get; init; }
}
