namespace LiveMigration.Migration;

/// <summary>Where a domain is after a migration, told from what both hosts say.</summary>
public enum MigrationVerdict
{
    /// <summary>It is not settled yet, or a host does not answer.</summary>
    Unsettled,

    /// <summary>It runs at the destination and no longer at the source.</summary>
    Moved,

    /// <summary>It runs at the source and not at the destination.</summary>
    Stayed,

    /// <summary>It is stopped at the source for a migration that no longer is; the destination has nothing. It may be resumed.</summary>
    StayedPaused,

    /// <summary>The guest lives at the destination, and parts of its memory are at the source still.</summary>
    InPostCopy,

    /// <summary>Post-copy broke: both halves wait to be joined.</summary>
    PostCopyBroken,

    /// <summary>No host runs it, because its guest shut itself down meanwhile, or somebody ended it.</summary>
    ShutOff,

    /// <summary>No host runs it.</summary>
    Lost,

    /// <summary>Both hosts run it.</summary>
    Twice,
}
