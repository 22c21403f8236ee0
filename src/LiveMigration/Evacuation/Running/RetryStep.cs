namespace LiveMigration.Evacuation.Running;

/// <summary>What follows from a migration that failed.</summary>
internal enum RetryStep
{
    /// <summary>Another one.</summary>
    Again,

    /// <summary>None of the places of the plan is left: another plan has to tell.</summary>
    Replan,

    /// <summary>The domain stays.</summary>
    Leave,

    /// <summary>A person has to look where it is.</summary>
    Unclear,

    /// <summary>The domain stays, and no further migration starts.</summary>
    Halt,
}
