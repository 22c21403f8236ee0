namespace LiveMigration.Evacuation;

/// <summary>What happens to domains that would not complete in time.</summary>
public enum OnDeadline
{
    /// <summary>They stay where they are.</summary>
    Leave,

    /// <summary>Their guests are paused in time, so that the rest can be copied; they resume on the destination.</summary>
    Suspend,

    /// <summary>They are switched to post-copy in time.</summary>
    PostCopy,
}
