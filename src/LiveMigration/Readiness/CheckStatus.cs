namespace LiveMigration.Readiness;

/// <summary>What a check found.</summary>
public enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>The check does not apply here; the evidence says why.</summary>
    Skipped,

    /// <summary>It could not be evaluated; the evidence says why. Never a pass.</summary>
    Unknown,

    /// <summary>The migration would be done, and something about it is not as it should be.</summary>
    Warning,

    /// <summary>The migration would fail, or do harm.</summary>
    Fail,
}
