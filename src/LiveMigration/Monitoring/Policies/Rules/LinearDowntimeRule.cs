namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>The latest step whose time has come.</summary>
internal sealed class LinearDowntimeRule(IReadOnlyList<DowntimeStep> steps) : ConvergenceRule
{
    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (steps.LastOrDefault(step => sample.Elapsed >= step.At) is { } step)
            yield return new PolicyDecision.SetMaxDowntime(step.Downtime)
            {
                Reason = $"From {step.At} on, the schedule allows a downtime of {step.Downtime.Milliseconds} ms.",
            };
    }
}
