namespace LiveMigration.Evacuation;

/// <summary>What happens to domains that would not get done in time.</summary>
public enum OnDeadline
{
    /// <summary>They stay where they are.</summary>
    Leave,

    /// <summary>Their guests are paused in time, so that the rest can be copied; they go on at the destination.</summary>
    Suspend,

    /// <summary>They go on at the destination in time, and fetch what they miss.</summary>
    PostCopy,
}
