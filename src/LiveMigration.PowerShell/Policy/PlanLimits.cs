using LiveMigration.Planning;

namespace LiveMigration.PowerShell.Policy;

/// <summary>The limits that will hold for a migration, in a line: what a number without a unit was taken for is seen there.</summary>
internal static class PlanLimits
{
    internal static string Of(SteeredPlan plan, MigrationIntent intent, int throttleLimit)
    {
        var options = plan.Plan.Options;
        return options.Offline ? "" : $"Limits: {string.Join(", ", Parts(options, plan, intent))}, {throttleLimit} at a time.";
    }

    private static IEnumerable<string> Parts(MigrationOptions options, SteeredPlan plan, MigrationIntent intent)
    {
        yield return options.Bandwidth switch
        {
            null => "bandwidth as set for the VM (by default no limit)",
            { IsUnlimited: true } => "no bandwidth limit",
            { } limit => intent.Budget is null ? $"bandwidth {limit}" : $"bandwidth {limit} for all together",
        };
        var adaptive = plan.Policy?.Policy is { Adaptive: not null } policy ? policy : null;
        yield return adaptive?.Adaptive is { MaxDowntime: var most } ? $"downtime up to {most}" : options.MaxDowntime is { } downtime ? $"downtime {downtime}" : "downtime as set for the VM (by default 300 ms)";
        if (options.Timeout is { } timeout)
            yield return $"timeout {timeout}, then {options.OnTimeout ?? TimeoutAction.Abort}";
        else if (adaptive?.Timeout is { After: { } deadline, Action: var action })
            yield return $"timeout {deadline}, then {action}";
        else if (plan.Policy is null)
            yield return "no timeout";
        yield return $"abort after {options.StallTimeout} without progress";
        if (plan.Policy is { } steering)
            yield return $"policy '{steering.Policy.Name}'";
    }
}
