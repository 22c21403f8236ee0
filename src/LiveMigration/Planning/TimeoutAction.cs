namespace LiveMigration.Planning;

/// <summary>What happens to a migration that takes too long.</summary>
public enum TimeoutAction
{
    /// <summary>It is aborted; the VM goes on at the source.</summary>
    Abort,

    /// <summary>The VM is paused, so that what remains can be copied; it runs again at the destination.</summary>
    Suspend,

    /// <summary>The VM goes on at the destination and fetches what it misses.</summary>
    PostCopy,
}
