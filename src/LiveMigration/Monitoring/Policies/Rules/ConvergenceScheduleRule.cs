namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>One step after another, each when its pass or its time has come.</summary>
internal sealed class ConvergenceScheduleRule : ConvergenceRule
{
    private readonly Queue<ConvergenceStep> _steps;
    private readonly SampleGrid _looks;
    private int? _first;
    private int _last;

    internal ConvergenceScheduleRule(ConvergenceSchedule schedule, bool postCopy)
    {
        _steps = new(schedule.Steps.Where(step => postCopy || step.Action is not PolicyDecision.StartPostCopy));
        _looks = new(schedule.Interval);
    }

    internal override TimeSpan Interval => _looks.Interval;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (!_looks.IsDue(sample.Elapsed))
            yield break;
        var passed = 0;
        if (sample.Iteration is { } iteration)
        {
            // QEMU does not begin to count at the same number each time: the first one seen is the start.
            if (_first is null)
                _first = _last = iteration;
            if (iteration > _last)
                passed = iteration - _first.Value;
            _last = Math.Max(_last, iteration);
        }

        if (_steps.TryPeek(out var step) && IsDue(step, sample.Elapsed, passed))
        {
            _steps.Dequeue();
            yield return step.Action with { Reason = $"The migration has not converged {When(step)}{sample.Describe()}." };
        }
    }

    private static bool IsDue(ConvergenceStep step, TimeSpan elapsed, int passed) =>
        step.After is { } after ? elapsed >= after.Value : passed > (step.AfterIteration ?? 0);

    private string When(ConvergenceStep step) =>
        step.After is { } after ? $"after {after}" : $"by pass {_last} over memory";
}
