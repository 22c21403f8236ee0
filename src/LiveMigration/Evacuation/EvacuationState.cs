namespace LiveMigration.Evacuation;

/// <summary>The state of an evacuation.</summary>
public enum EvacuationState
{
    /// <summary>A process carries it out now.</summary>
    Running,

    /// <summary>The process that carried it out ended before the evacuation was complete.</summary>
    Interrupted,

    /// <summary>It was stopped, on request or because too many VMs failed.</summary>
    Stopped,

    /// <summary>It has ended, and every domain has moved.</summary>
    Completed,

    /// <summary>It has ended, and not every domain has moved.</summary>
    Failed,
}
