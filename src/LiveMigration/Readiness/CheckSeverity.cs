namespace LiveMigration.Readiness;

/// <summary>How serious it is if a check fails.</summary>
public enum CheckSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>A migration may go ahead.</summary>
    Warning,

    /// <summary>A migration would fail, or do harm.</summary>
    Blocker,
}
