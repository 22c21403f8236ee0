namespace LiveMigration.Evacuation;

/// <summary>How far an evacuation is.</summary>
public enum EvacuationState
{
    /// <summary>A process carries it out now.</summary>
    Running,

    /// <summary>The process that carried it out is no more, and it had not come to its end.</summary>
    Interrupted,

    /// <summary>It has ended before its end, as asked or because too much failed.</summary>
    Stopped,

    /// <summary>It has ended, and every domain has moved.</summary>
    Completed,

    /// <summary>It has ended, and not every domain has moved.</summary>
    Failed,
}
