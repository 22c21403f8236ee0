namespace LiveMigration.Evacuation;

/// <summary>What happens when a domain's migration fails.</summary>
public enum OnFailure
{
    /// <summary>It is tried again, with the other destinations first.</summary>
    Retry,

    /// <summary>The domain stays, and the others go on.</summary>
    Skip,

    /// <summary>It is tried again, and the last time its guest is paused so that nothing can keep it from arriving; there it goes on.</summary>
    Suspend,

    /// <summary>No other migration begins.</summary>
    Stop,
}
