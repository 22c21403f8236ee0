namespace LiveMigration.Readiness;

/// <summary>What all findings come to.</summary>
public enum ReadinessVerdict
{
    /// <summary>Nothing stands in the way.</summary>
    Ready,

    /// <summary>Nothing stands in the way, and something is not as it should be.</summary>
    ReadyWithWarnings,

    /// <summary>Something that would stand in the way could not be judged.</summary>
    Uncertain,

    /// <summary>The migration would fail, or do harm.</summary>
    NotReady,
}
