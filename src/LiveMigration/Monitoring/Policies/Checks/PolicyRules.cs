using static LiveMigration.Monitoring.Policies.Checks.Check;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>What in a policy contradicts itself, or cannot be, whatever the domain is.</summary>
internal static class PolicyRules
{
    internal static IEnumerable<PolicyProblem> Broken(MigrationPolicy policy) =>
    [
        .. SettingRules.Broken(policy),
        .. DowntimeRules.Broken(policy.Downtime),
        .. policy.Convergence is { } convergence ? StepRules.Broken(policy, convergence) : [],
        .. policy.Timeout is { } timeout ? Timeout(policy, timeout) : [],
        .. policy.Stall is { } stall ? Stall(policy, stall) : [],
        .. If(policy.ProgressTimeout is { } limit && limit.Value <= TimeSpan.Zero, "progressTimeout", "More than 0 was expected."),
    ];

    private static PolicyProblem[] Timeout(MigrationPolicy policy, CompletionTimeout timeout) =>
    [
        .. If(timeout.PerGiB is null == timeout.After is null, "timeout", "Either 'perGiB' or 'after' was expected."),
        .. timeout.PerGiB is { } each ? Positive("timeout.perGiB", each) : [],
        .. timeout.After is { } after ? Positive("timeout.after", after) : [],
        .. If(
            timeout.Action is CompletionAction.PostCopy && !policy.PostCopy,
            "timeout.action",
            "Post-copy has to be permitted: add 'postCopy: true'."),
        .. If(timeout.AbortAtFactor is { } factor && !(factor > 1), "timeout.abortAtFactor", "More than 1 was expected."),
    ];

    private static PolicyProblem[] Stall(MigrationPolicy policy, StallDetection stall) =>
    [
        .. If(policy.Timeout is null, "stall", "A stall detector works towards a time-out: add 'timeout'."),
        .. If(
            policy.Timeout is { Action: CompletionAction.Suspend or CompletionAction.PostCopy },
            "timeout.action",
            "With a stall detector 'abort' or 'forceComplete' was expected."),
        .. If(
            policy.Timeout?.AbortAtFactor is not null,
            "timeout.abortAtFactor",
            "A stall detector has its own: 'completionTimeoutFactor'."),
        .. If(
            policy.Downtime is not null || policy.Convergence is not null || policy.ProgressTimeout is not null,
            "stall",
            "A stall detector takes the place of 'downtime', 'convergence' and 'progressTimeout': leave them out."),
        .. Downtime("stall.maxDowntime", stall.MaxDowntime),
        .. If(stall.StallMargin is < 0 or > 99, "stall.stallMargin", "0 to 99 (percent) was expected."),
        .. Positive("stall.switchoverTimeout", stall.SwitchoverTimeout),
        .. If(!(stall.EwmaAlpha is > 0 and <= 1), "stall.ewmaAlpha", "More than 0 and at most 1 was expected."),
        .. If(!(stall.PrecopyPossibleFactor >= 1), "stall.precopyPossibleFactor", "1 or more was expected."),
        .. If(!(stall.PatienceWindowDecayFactor is >= 0 and <= 1), "stall.patienceWindowDecayFactor", "0 to 1 was expected."),
        .. If(!(stall.CompletionTimeoutFactor >= 1), "stall.completionTimeoutFactor", "1 or more was expected."),
    ];
}
