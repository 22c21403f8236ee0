using LiveMigration.Planning;

namespace LiveMigration.Evacuation.Running;

/// <summary>What the deadline means for a migration that would begin now.</summary>
/// <param name="MayBegin">Whether it is worth beginning.</param>
/// <param name="Timeout">When it comes to the action; null is never.</param>
/// <param name="Action">What happens then.</param>
internal readonly record struct DeadlineDecision(bool MayBegin, TimeSpan? Timeout = null, TimeoutAction? Action = null)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Decides.</summary>
    /// <param name="left">The time until the deadline; null when there is none.</param>
    /// <param name="needed">What the guest takes if it stands still, with the whole link.</param>
    /// <param name="action">What was asked for.</param>
    internal static DeadlineDecision Of(TimeSpan? left, TimeSpan needed, OnDeadline action)
    {
        if (left is not { } time)
            return new(true);
        if (time < (action is OnDeadline.Leave ? needed : Least))
            return new(false);
        return action is OnDeadline.Leave
            ? new(true, time, TimeoutAction.Abort)
            : new(true, time - needed > Least ? time - needed : Least, action is OnDeadline.Suspend ? TimeoutAction.Suspend : TimeoutAction.PostCopy);
    }
}
