using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>
/// KubeVirt's: ends what is stuck altogether, mostly the network. A guest that is merely busy passes: within each pass less
/// and less remains.
/// </summary>
internal sealed class ProgressTimeoutRule(Duration limit) : ConvergenceRule
{
    private long _remaining;
    private TimeSpan _progressed;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (sample.Remaining is { Bytes: var remaining })
        {
            if (_remaining == 0 || remaining < _remaining)
                _progressed = sample.Elapsed;
            _remaining = remaining;
        }

        if (sample.Elapsed - _progressed > limit.Value)
            yield return new PolicyDecision.Abort(AbortCause.NoProgress)
            {
                Reason = $"No progress for {new Duration(sample.Elapsed - _progressed)}: the remaining data has not decreased{sample.Describe()}.",
            };
    }
}
