namespace LiveMigration.Readiness;

/// <summary>What a check found.</summary>
public enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>The check has no say here, and why is told.</summary>
    Skipped,

    /// <summary>It could not be told, and why is told. Never a pass.</summary>
    Unknown,

    /// <summary>The migration would be done, and something about it is not as it should be.</summary>
    Warning,

    /// <summary>The migration would fail, or do harm.</summary>
    Fail,
}
