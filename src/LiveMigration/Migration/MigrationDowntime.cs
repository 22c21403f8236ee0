namespace LiveMigration.Migration;

/// <summary>How long a domain may stand still at the end of a migration.</summary>
public sealed record MigrationDowntime
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The limit.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>How long it would stand still if it were switched over now, as QEMU expects it; null when nothing migrates.</summary>
    public TimeSpan? Expected { get; init; }
}
