namespace LiveMigration.Monitoring.Policies;

/// <summary>Why a policy aborts a migration.</summary>
public enum AbortCause
{
    /// <summary>The time limit is reached.</summary>
    Timeout,

    /// <summary>The remaining data no longer decreases.</summary>
    NoProgress,

    /// <summary>The guest changes memory so fast that the downtime allowed will not do.</summary>
    NotConverging,
}
