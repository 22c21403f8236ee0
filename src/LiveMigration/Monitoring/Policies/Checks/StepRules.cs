using static LiveMigration.Monitoring.Policies.Checks.Check;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>What is done as pass after pass brings no end.</summary>
internal static class StepRules
{
    internal static IEnumerable<PolicyProblem> Broken(MigrationPolicy policy, ConvergenceSchedule schedule)
    {
        foreach (var problem in Positive("convergence.interval", schedule.Interval))
            yield return problem;
        if (schedule.Steps.Count == 0)
            yield return new("convergence.steps", "Expected at least one step.");
        for (var index = 0; index < schedule.Steps.Count; index++)
        {
            var (step, path) = (schedule.Steps[index], $"convergence.steps[{index}]");
            if (step is { AfterIteration: not null, After: not null })
                yield return new(path, "Expected either 'afterIteration' or 'after', not both.");
            if (step.AfterIteration < 0)
                yield return new(path + ".afterIteration", "Expected 0 or more.");
            if (step.Action is PolicyDecision.StartPostCopy && !policy.PostCopy)
                yield return new(path, "Post-copy must be permitted: add 'postCopy: true'.");
            if (step.Action is PolicyDecision.SetMaxDowntime { Downtime: var downtime })
            {
                foreach (var problem in Downtime(path + ".downtime", downtime))
                    yield return problem;
                if (policy.Downtime is not (null or FixedDowntime))
                    yield return new(path + ".downtime", "Only one setting can control the downtime: with such steps, give 'downtime' a single value.");
            }

            if (step.Action is PolicyDecision.Wait or PolicyDecision.Notify)
                yield return new(path, "Expected an action.");
            if (step.Action is PolicyDecision.Abort && index < schedule.Steps.Count - 1)
                yield return new($"convergence.steps[{index + 1}]", "No step can follow an abort.");
        }
    }
}
