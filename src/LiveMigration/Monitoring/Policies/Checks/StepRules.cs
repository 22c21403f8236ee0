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
            yield return new("convergence.steps", "At least one step was expected.");
        for (var index = 0; index < schedule.Steps.Count; index++)
        {
            var (step, path) = (schedule.Steps[index], $"convergence.steps[{index}]");
            if (step is { AfterIteration: not null, After: not null })
                yield return new(path, "Either 'afterIteration' or 'after' was expected, not both.");
            if (step.AfterIteration < 0)
                yield return new(path + ".afterIteration", "0 or more was expected.");
            if (step.Action is PolicyDecision.StartPostCopy && !policy.PostCopy)
                yield return new(path, "Post-copy has to be permitted: add 'postCopy: true'.");
            if (step.Action is PolicyDecision.SetMaxDowntime { Downtime: var downtime })
            {
                foreach (var problem in Downtime(path + ".downtime", downtime))
                    yield return problem;
                if (policy.Downtime is not (null or FixedDowntime))
                    yield return new(path + ".downtime", "Only one can set the downtime: with such steps, give 'downtime' one value.");
            }

            if (step.Action is PolicyDecision.Wait)
                yield return new(path, "Something to do was expected.");
            if (step.Action is PolicyDecision.Abort && index < schedule.Steps.Count - 1)
                yield return new($"convergence.steps[{index + 1}]", "Nothing comes after an abort.");
        }
    }
}
