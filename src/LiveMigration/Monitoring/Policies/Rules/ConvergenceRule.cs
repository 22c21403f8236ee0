namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>One part of a policy at work.</summary>
internal abstract class ConvergenceRule
{
    /// <summary>How often it needs a sample.</summary>
    internal virtual TimeSpan Interval => TimeSpan.FromSeconds(1);

    /// <summary>Adds a sample and says what is to be done now; the same may be said again, it is heard once.</summary>
    internal abstract IEnumerable<PolicyDecision> Decide(PolicySample sample);

    /// <summary>Whether, after this could not be done, it may ask for the same again.</summary>
    internal virtual bool Refused(PolicyDecision decision) => false;
}
