using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.PowerShell.Policy;

/// <summary>policy + what was asked for → policy: what was asked for wins.</summary>
internal static class PolicyIntent
{
    /// <summary>A downtime that is given stays, and so does a timeout. To a policy that decides by a forecast both are bounds.</summary>
    internal static MigrationPolicy Of(MigrationPolicy policy, MigrationOptions options) => policy.Adaptive is { } adaptive
        ? Of(policy, adaptive, options)
        : policy with
        {
            Downtime = options.MaxDowntime is null ? policy.Downtime : null,
            Timeout = options.Timeout is null || policy.Stall is not null ? policy.Timeout : null,
        };

    /// <summary>
    /// A deadline that became the policy's own is not kept a second time; what may be done at it is permitted all the same.
    /// </summary>
    internal static MigrationOptions OptionsFor(MigrationPolicy policy, MigrationOptions options) => policy.Adaptive is null ? options : options with
    {
        Timeout = null,
        OnTimeout = null,
        PostCopy = options.PostCopy || options.OnTimeout is TimeoutAction.PostCopy,
    };

    /// <summary>The most downtime, the deadline and what happens at it, and permission to slow the VM down or to use post-copy.</summary>
    private static MigrationPolicy Of(MigrationPolicy policy, AdaptiveControl adaptive, MigrationOptions options) => policy with
    {
        AutoConverge = policy.AutoConverge || options.AutoConverge,
        PostCopy = policy.PostCopy || options.PostCopy || options.OnTimeout is TimeoutAction.PostCopy,
        Downtime = policy.Downtime is FixedDowntime { Downtime: var initial } && options.MaxDowntime < initial ? new FixedDowntime(options.MaxDowntime.Value) : policy.Downtime,
        Timeout = options.Timeout is { } timeout
            ? new CompletionTimeout { After = timeout, Action = Action(options.OnTimeout) ?? policy.Timeout!.Action, AbortAtFactor = policy.Timeout!.AbortAtFactor }
            : policy.Timeout,
        Adaptive = adaptive with { MaxDowntime = options.MaxDowntime ?? adaptive.MaxDowntime },
    };

    private static CompletionAction? Action(TimeoutAction? action) => action switch
    {
        TimeoutAction.Suspend => CompletionAction.Suspend,
        TimeoutAction.PostCopy => CompletionAction.PostCopy,
        TimeoutAction.Abort => CompletionAction.Abort,
        _ => null,
    };
}
