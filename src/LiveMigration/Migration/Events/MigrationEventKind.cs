namespace LiveMigration.Migration.Events;

/// <summary>What has happened.</summary>
public enum MigrationEventKind
{
    /// <summary>A migration was started.</summary>
    Started,

    /// <summary>A migration that was under way already is watched from here on.</summary>
    Watched,

    /// <summary>A pass over memory began, or ten percent more are done.</summary>
    Progress,

    /// <summary>The VM is paused, and the rest is copied.</summary>
    Switching,

    /// <summary>The VM runs on the destination and fetches its remaining memory.</summary>
    PostCopy,

    /// <summary>There is a message for the user.</summary>
    Notice,

    /// <summary>A migration has completed: the VM is on the destination.</summary>
    Completed,

    /// <summary>A migration has failed.</summary>
    Failed,

    /// <summary>A migration was stopped on request; the VM is on the source.</summary>
    Cancelled,

    /// <summary>A migration continues, and is no longer watched.</summary>
    Detached,

    /// <summary>An evacuation was started or resumed.</summary>
    EvacuationStarted,

    /// <summary>A VM of an evacuation will not be moved by it, or it is not known where the VM is.</summary>
    NotMoved,

    /// <summary>An evacuation has ended.</summary>
    EvacuationEnded,
}
