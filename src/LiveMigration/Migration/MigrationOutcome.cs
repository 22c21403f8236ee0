namespace LiveMigration.Migration;

/// <summary>How a migration ended.</summary>
public enum MigrationOutcome
{
    /// <summary>The domain is at the destination.</summary>
    Completed,

    /// <summary>It did not succeed; the error says where the domain is.</summary>
    Failed,

    /// <summary>It was stopped as asked; the domain is at the source.</summary>
    Cancelled,

    /// <summary>It goes on without this client.</summary>
    Detached,
}
