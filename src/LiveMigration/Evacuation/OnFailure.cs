namespace LiveMigration.Evacuation;

/// <summary>What happens when a domain's migration fails.</summary>
public enum OnFailure
{
    /// <summary>It is tried again, with the other destinations first.</summary>
    Retry,

    /// <summary>The domain stays, and the others are moved.</summary>
    Skip,

    /// <summary>It is retried; in the last attempt the guest is paused so that the migration completes, and resumes on the destination.</summary>
    Suspend,

    /// <summary>No further migration starts.</summary>
    Stop,
}
