namespace LiveMigration.Readiness;

/// <summary>The overall result.</summary>
public enum ReadinessVerdict
{
    /// <summary>Nothing blocks the migration.</summary>
    Ready,

    /// <summary>Nothing blocks the migration, but there are warnings.</summary>
    ReadyWithWarnings,

    /// <summary>Something that could block the migration could not be evaluated.</summary>
    Uncertain,

    /// <summary>The migration would fail, or do harm.</summary>
    NotReady,
}
