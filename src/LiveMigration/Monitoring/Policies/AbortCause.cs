namespace LiveMigration.Monitoring.Policies;

/// <summary>Why a policy gives a migration up.</summary>
public enum AbortCause
{
    /// <summary>The time that it may take is over.</summary>
    Timeout,

    /// <summary>What remains does not shrink any more at all.</summary>
    NoProgress,

    /// <summary>The guest changes memory so fast that the downtime allowed will not do.</summary>
    NotConverging,
}
