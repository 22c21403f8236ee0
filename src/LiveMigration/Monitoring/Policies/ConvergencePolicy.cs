using LiveMigration.Monitoring.Policies.Rules;

namespace LiveMigration.Monitoring.Policies;

/// <summary>
/// A policy at work on one migration: fed with samples, it answers with decisions. It has no clock and touches nothing; the
/// same samples give the same decisions, and none is given twice.
/// </summary>
public sealed class ConvergencePolicy
{
    private readonly ConvergenceRule[] _rules;

    /// <summary>The last decision of each kind.</summary>
    private readonly Dictionary<Type, PolicyDecision> _made = [];

    private bool _over;

    internal ConvergencePolicy(MigrationPolicy policy, ConvergenceRule[] rules)
    {
        Policy = policy;
        _rules = rules;
    }

    /// <summary>What it follows.</summary>
    public MigrationPolicy Policy { get; }

    /// <summary>How often it needs a sample, and one with each new pass.</summary>
    public TimeSpan Interval => _rules.Select(rule => rule.Interval).Append(TimeSpan.FromSeconds(1)).Min();

    /// <summary>Adds a sample and says what to do now, in order; empty is nothing new.</summary>
    /// <param name="sample">The migration now; times never run back.</param>
    public IReadOnlyList<PolicyDecision> Decide(PolicySample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (_over || sample.Phase is not (MigrationPhase.Copying or MigrationPhase.Switching))
            return [];
        var due = _rules.SelectMany(rule => rule.Decide(sample)).ToList();
        if (due.Find(decision => decision is PolicyDecision.Abort or PolicyDecision.StartPostCopy) is { } last)
        {
            _over = true;
            due = [last];
        }

        return [.. due.Where(IsNew)];
    }

    /// <summary>
    /// Tells that a decision could not be carried out. Post-copy that was refused is not tried again: the policy goes on as
    /// though it were not permitted.
    /// </summary>
    /// <param name="decision">What was to be done.</param>
    public void Refused(PolicyDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (decision is PolicyDecision.StartPostCopy)
            _over = false;
        foreach (var rule in _rules)
        {
            if (rule.Refused(decision))
                _made.Remove(decision.GetType());
        }
    }

    private bool IsNew(PolicyDecision decision)
    {
        var known = _made.TryGetValue(decision.GetType(), out var before)
            && (decision is PolicyDecision.Wait or PolicyDecision.Notify ? before == decision : before with { Reason = "" } == decision with { Reason = "" });
        _made[decision.GetType()] = decision;
        return !known;
    }
}
