using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>Equal steps, each after a pause, none before a certain pass.</summary>
internal sealed class RampedDowntimeRule(RampedDowntime ramp) : ConvergenceRule
{
    private readonly long _step = Math.Max(1, (ramp.Max.Milliseconds - ramp.Initial.Milliseconds) / ramp.Steps);
    private long? _downtime;
    private TimeSpan _setAt;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (_downtime is not { } current)
        {
            yield return Set(ramp.Initial.Milliseconds, sample.Elapsed, "The policy starts with a downtime of");
            yield break;
        }

        var next = Math.Min(current + _step, ramp.Max.Milliseconds);
        if (sample.Iteration >= ramp.StartAfterIteration && sample.Elapsed - _setAt >= ramp.Cooldown.Value && next > current)
            yield return Set(next, sample.Elapsed, $"Pass {sample.Iteration} did not converge with a downtime of {current} ms; the downtime is now");
    }

    private PolicyDecision.SetMaxDowntime Set(long downtime, TimeSpan elapsed, string reason)
    {
        _downtime = downtime;
        _setAt = elapsed;
        return new PolicyDecision.SetMaxDowntime(Duration.FromMilliseconds(downtime)) { Reason = $"{reason} {downtime} ms." };
    }
}
