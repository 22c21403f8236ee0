using static LiveMigration.Monitoring.Policies.Checks.Check;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>Deciding by a forecast.</summary>
internal static class AdaptiveRules
{
    internal static PolicyProblem[] Broken(MigrationPolicy policy, AdaptiveControl adaptive) =>
    [
        .. If(policy.Timeout is null, "adaptive", "Deciding by a forecast requires a deadline: add 'timeout'."),
        .. If(
            policy.Stall is not null || policy.Convergence is not null || policy.ProgressTimeout is not null,
            "adaptive",
            "It replaces 'stall', 'convergence' and 'progressTimeout': omit them."),
        .. If(policy.Downtime is not (null or FixedDowntime), "downtime", "With 'adaptive', expected a single value: it starts there."),
        .. Downtime("adaptive.maxDowntime", adaptive.MaxDowntime),
        .. policy.Downtime is FixedDowntime { Downtime: var initial } ? Ascending("adaptive.maxDowntime", initial, adaptive.MaxDowntime) : [],
        .. Weight("adaptive.pauseWeight", adaptive.PauseWeight),
        .. Weight("adaptive.throttleWeight", adaptive.ThrottleWeight),
        .. Weight("adaptive.postCopyWeight", adaptive.PostCopyWeight),
        .. Weight("adaptive.timeWeight", adaptive.TimeWeight),
    ];

    private static PolicyProblem[] Weight(string path, double weight) => If(!(weight >= 0 && double.IsFinite(weight)), path, "Expected 0 or more.");
}
