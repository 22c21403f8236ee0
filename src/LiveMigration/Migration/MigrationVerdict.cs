namespace LiveMigration.Migration;

/// <summary>Where a domain is after a migration, told from what both hosts say.</summary>
public enum MigrationVerdict
{
    /// <summary>It is not settled yet, or a host does not answer.</summary>
    Unsettled,

    /// <summary>It runs on the destination and no longer on the source.</summary>
    Moved,

    /// <summary>It runs on the source and not on the destination.</summary>
    Stayed,

    /// <summary>It is stopped on the source for a migration that no longer is; the destination has nothing. It may be resumed.</summary>
    StayedPaused,

    /// <summary>The guest lives on the destination, and parts of its memory are on the source still.</summary>
    InPostCopy,

    /// <summary>Post-copy was interrupted: both halves wait to be recovered.</summary>
    PostCopyBroken,

    /// <summary>No host runs it, because its guest shut itself down meanwhile, or somebody ended it.</summary>
    ShutOff,

    /// <summary>No host runs it.</summary>
    Lost,

    /// <summary>Both hosts run it.</summary>
    Twice,
}
