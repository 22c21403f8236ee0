namespace LiveMigration.Hypervisors;

/// <summary>The state of a guest on one host, as far as the outcome of a migration depends on it.</summary>
internal enum GuestState
{
    /// <summary>The host does not answer.</summary>
    Unknown,

    /// <summary>The host does not know the guest.</summary>
    Absent,

    /// <summary>Defined, without a process.</summary>
    ShutOff,

    /// <summary>Its process ended because the guest had migrated away.</summary>
    MigratedAway,

    /// <summary>Its process ended because the guest shut itself down, or because a user ended it.</summary>
    Ended,

    /// <summary>Its process ended by itself.</summary>
    Crashed,

    /// <summary>The guest executes.</summary>
    Running,

    /// <summary>Stopped for a reason of its own: by a user, asleep, panicked and kept.</summary>
    Paused,

    /// <summary>Stopped by an error, of its disk for example: it goes on only when that is fixed.</summary>
    PausedByError,

    /// <summary>Stopped, and the host does not say why.</summary>
    PausedUnexplained,

    /// <summary>About to end.</summary>
    ShuttingDown,

    /// <summary>A copy that is being filled, or that waits for the other side.</summary>
    PausedForMigration,

    /// <summary>One half of a migration in post-copy.</summary>
    PostCopy,

    /// <summary>One half of a migration whose post-copy was interrupted.</summary>
    PostCopyFailed,
}
