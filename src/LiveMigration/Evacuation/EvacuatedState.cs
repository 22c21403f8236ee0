namespace LiveMigration.Evacuation;

/// <summary>What has become of a domain in an evacuation.</summary>
public enum EvacuatedState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>It is on its way, or was when the process ended that looked after it.</summary>
    Migrating,

    /// <summary>It is at its destination.</summary>
    Moved,

    /// <summary>It could not be moved, or was left, and is where it was.</summary>
    Stayed,

    /// <summary>The plan knew already that it could not be moved.</summary>
    Unmovable,

    /// <summary>It is not known where it is, or it is nowhere: a person has to look.</summary>
    Unclear,
}
