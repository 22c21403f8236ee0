namespace LiveMigration.Monitoring.Policies;

/// <summary>What happens to a migration whose time is over.</summary>
public enum CompletionAction
{
    /// <summary>It is aborted.</summary>
    Abort,

    /// <summary>The guest is paused, so that the rest can be copied.</summary>
    Suspend,

    /// <summary>The guest goes on at the destination; where that cannot be, the migration is aborted.</summary>
    PostCopy,

    /// <summary>
    /// What ends it surely: post-copy where the policy permits it and the domain can do it; otherwise, with a VFIO device, a
    /// downtime so high that QEMU stops guest and device; otherwise a pause.
    /// </summary>
    ForceComplete,
}
