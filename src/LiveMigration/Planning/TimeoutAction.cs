namespace LiveMigration.Planning;

/// <summary>What happens to a migration that takes too long.</summary>
public enum TimeoutAction
{
    /// <summary>It is aborted; the VM keeps running on the source.</summary>
    Abort,

    /// <summary>The VM is paused, so that what remains can be copied; it runs again on the destination.</summary>
    Suspend,

    /// <summary>The VM runs on the destination and fetches its remaining memory (post-copy).</summary>
    PostCopy,
}
