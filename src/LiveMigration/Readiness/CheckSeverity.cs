namespace LiveMigration.Readiness;

/// <summary>What it means when a check does not hold.</summary>
public enum CheckSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>A migration may go ahead.</summary>
    Warning,

    /// <summary>A migration would fail, or do harm.</summary>
    Blocker,
}
