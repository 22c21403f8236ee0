namespace LiveMigration.Evacuation;

/// <summary>The state of a domain in an evacuation.</summary>
public enum EvacuatedState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>It is being migrated, or was when the process of the evacuation ended.</summary>
    Migrating,

    /// <summary>It is at its destination.</summary>
    Moved,

    /// <summary>It could not be moved, or was left, and is where it was.</summary>
    Stayed,

    /// <summary>The plan knew already that it could not be moved.</summary>
    Unmovable,

    /// <summary>It is not known where it is, or it is nowhere: it needs attention.</summary>
    Unclear,
}
