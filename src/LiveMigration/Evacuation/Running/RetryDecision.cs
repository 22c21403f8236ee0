using LiveMigration.Errors;
using LiveMigration.Migration;

namespace LiveMigration.Evacuation.Running;

/// <summary>What follows from a migration that failed.</summary>
/// <param name="Step">What.</param>
/// <param name="Destination">Where to, when it is tried again.</param>
/// <param name="Pauses">Whether the guest is paused for it.</param>
internal sealed record RetryDecision(RetryStep Step, string? Destination = null, bool Pauses = false)
{
    /// <summary>Decides.</summary>
    /// <param name="move">The move.</param>
    /// <param name="tried">Where it went so far, this time included.</param>
    /// <param name="verdict">Where the domain is; null when its migration did not begin.</param>
    /// <param name="fault">Why it failed.</param>
    /// <param name="policy">What was asked for.</param>
    /// <param name="isClosed">Whether it cannot go to a host: that is lost, or others are there that it must not meet.</param>
    internal static RetryDecision After(
        PlannedMove move, IReadOnlyList<string> tried, MigrationVerdict? verdict, Fault? fault, EvacuationPolicy policy, Func<string, bool> isClosed)
    {
        if (verdict is MigrationVerdict.Lost or MigrationVerdict.Twice)
            return new(RetryStep.Halt);
        if (verdict is MigrationVerdict.Unsettled or MigrationVerdict.InPostCopy or MigrationVerdict.PostCopyBroken)
            return new(RetryStep.Unclear);
        if (verdict is MigrationVerdict.ShutOff || fault == Faults.DomainNotRunning || fault == Faults.DomainNotFound)
            return new(RetryStep.Leave);
        if (policy.OnFailure is OnFailure.Stop)
            return new(RetryStep.Halt);
        if (policy.OnFailure is OnFailure.Skip || fault == Faults.DeadlineMissed || fault is { IsEverywhere: true } || tried.Count >= policy.Attempts)
            return new(RetryStep.Leave);
        var isPermanent = fault is { IsPermanent: true };
        // Where it failed least often, and of these what the plan liked best; not again where it can only fail again.
        var destination = move.Alternatives.Prepend(move.Destination).Where(host => !isClosed(host) && !(isPermanent && tried.Count > 0 && host == tried[^1])).OrderBy(host => tried.Count(other => other == host)).FirstOrDefault();
        if (destination is null && isPermanent)
            return new(RetryStep.Leave);
        return destination is null ? new(RetryStep.Replan) : new(RetryStep.Again, destination, policy.OnFailure is OnFailure.Suspend && (tried.Count == policy.Attempts - 1 || fault == Faults.NotConverging));
    }
}
