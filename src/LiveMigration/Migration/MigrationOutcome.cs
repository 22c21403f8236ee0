namespace LiveMigration.Migration;

/// <summary>How a migration ended.</summary>
public enum MigrationOutcome
{
    /// <summary>The domain is on the destination.</summary>
    Completed,

    /// <summary>It did not succeed; the error says where the domain is.</summary>
    Failed,

    /// <summary>It was stopped on request; the domain is on the source.</summary>
    Cancelled,

    /// <summary>It continues without this client.</summary>
    Detached,
}
