namespace LiveMigration.Readiness;

/// <summary>The overall result.</summary>
public enum ReadinessVerdict
{
    /// <summary>Nothing blocks the migration, and every blocker was evaluated.</summary>
    Ready,

    /// <summary>Nothing blocks the migration, but there are warnings.</summary>
    ReadyWithWarnings,

    /// <summary>Nothing that is known blocks the migration, but some blockers cannot be evaluated over this kind of connection.</summary>
    ReadyAsFarAsKnown,

    /// <summary>Something that could block the migration could not be evaluated.</summary>
    Uncertain,

    /// <summary>The migration would fail, or do harm.</summary>
    NotReady,
}
