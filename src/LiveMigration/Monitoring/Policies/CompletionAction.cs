namespace LiveMigration.Monitoring.Policies;

/// <summary>What happens to a migration at its time limit.</summary>
public enum CompletionAction
{
    /// <summary>It is aborted.</summary>
    Abort,

    /// <summary>The guest is paused, so that the rest can be copied.</summary>
    Suspend,

    /// <summary>Switches to post-copy; if that is impossible, aborts the migration.</summary>
    PostCopy,

    /// <summary>
    /// A way that always completes it: post-copy where the policy permits it and the domain can do it; otherwise, with a VFIO device, a
    /// downtime so high that QEMU stops guest and device; otherwise a pause.
    /// </summary>
    ForceComplete,
}
