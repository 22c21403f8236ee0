using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>Sets a downtime once.</summary>
internal sealed class FixedDowntimeRule(Duration downtime) : ConvergenceRule
{
    private bool _set;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (_set)
            yield break;
        _set = true;
        yield return new PolicyDecision.SetMaxDowntime(downtime) { Reason = $"The policy starts with a downtime of {downtime}." };
    }
}
