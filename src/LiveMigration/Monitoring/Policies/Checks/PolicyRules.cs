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
        .. policy.Adaptive is { } adaptive ? AdaptiveRules.Broken(policy, adaptive) : [],
        .. If(policy.ProgressTimeout is { } limit && limit.Value <= TimeSpan.Zero, "progressTimeout", "Expected more than 0."),
    ];

    private static PolicyProblem[] Timeout(MigrationPolicy policy, CompletionTimeout timeout) =>
    [
        .. If(timeout.PerGiB is null == timeout.After is null, "timeout", "Expected either 'perGiB' or 'after'."),
        .. timeout.PerGiB is { } each ? Positive("timeout.perGiB", each) : [],
        .. timeout.After is { } after ? Positive("timeout.after", after) : [],
        .. If(
            timeout.Action is CompletionAction.PostCopy && !policy.PostCopy,
            "timeout.action",
            "Post-copy must be permitted: add 'postCopy: true'."),
        .. If(timeout.AbortAtFactor is { } factor && !(factor > 1), "timeout.abortAtFactor", "Expected more than 1."),
    ];

    private static PolicyProblem[] Stall(MigrationPolicy policy, StallDetection stall) =>
    [
        .. If(policy.Timeout is null, "stall", "A stall detector requires a timeout: add 'timeout'."),
        .. If(
            policy.Timeout is { Action: CompletionAction.Suspend or CompletionAction.PostCopy },
            "timeout.action",
            "With a stall detector, expected 'abort' or 'forceComplete'."),
        .. If(
            policy.Timeout?.AbortAtFactor is not null,
            "timeout.abortAtFactor",
            "A stall detector uses 'completionTimeoutFactor' instead."),
        .. If(
            policy.Downtime is not null || policy.Convergence is not null || policy.ProgressTimeout is not null,
            "stall",
            "A stall detector replaces 'downtime', 'convergence' and 'progressTimeout': omit them."),
        .. Downtime("stall.maxDowntime", stall.MaxDowntime),
        .. If(stall.StallMargin is < 0 or > 99, "stall.stallMargin", "Expected 0 to 99 (percent)."),
        .. Positive("stall.switchoverTimeout", stall.SwitchoverTimeout),
        .. If(!(stall.EwmaAlpha is > 0 and <= 1), "stall.ewmaAlpha", "Expected more than 0 and at most 1."),
        .. If(!(stall.PrecopyPossibleFactor >= 1), "stall.precopyPossibleFactor", "Expected 1 or more."),
        .. If(!(stall.PatienceWindowDecayFactor is >= 0 and <= 1), "stall.patienceWindowDecayFactor", "Expected 0 to 1."),
        .. If(!(stall.CompletionTimeoutFactor >= 1), "stall.completionTimeoutFactor", "Expected 1 or more."),
    ];
}
