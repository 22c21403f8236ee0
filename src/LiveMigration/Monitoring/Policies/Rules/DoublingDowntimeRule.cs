using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>Counts the looks at which more remained than at the one before; too many double the downtime.</summary>
internal sealed class DoublingDowntimeRule(DoublingDowntime doubling) : ConvergenceRule
{
    private static readonly TimeSpan NearTheEnd = TimeSpan.FromMilliseconds(100);

    private readonly SampleGrid _looks = new(doubling.Interval);
    private Duration? _downtime;
    private long _looked;
    private long _transferred;
    private long _remaining;
    private int _grown;

    internal override TimeSpan Interval => _looks.Interval;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (_downtime is null)
            yield return Set(doubling.Initial, $"The policy starts with a downtime of {doubling.Initial}.");
        if (!_looks.IsDue(sample.Elapsed))
            yield break;
        _looked++;
        if (sample is not { Transferred.Bytes: var transferred, Remaining.Bytes: var remaining } || transferred == _transferred)
            yield break;

        // Less than what is sent between two looks on average: the end is near, and stays near.
        if (remaining < _transferred / (double)_looked)
            _looks.Change(NearTheEnd, sample.Elapsed);
        if ((_remaining > 0 && remaining > _remaining) || remaining == 0)
            _grown++;
        (_transferred, _remaining) = (transferred, remaining);
        if (_grown <= doubling.Tolerated)
            yield break;
        _grown = 0;
        var doubled = _downtime!.Value.Value * 2;
        if (_downtime.Value.CompareTo(doubling.Max) < 0)
            yield return Set(
                doubled < doubling.Max.Value ? doubled : doubling.Max,
                $"The remaining data has grown {doubling.Tolerated + 1} times{sample.Describe()}: the allowed downtime is doubled.");
    }

    private PolicyDecision.SetMaxDowntime Set(Duration downtime, string reason)
    {
        _downtime = downtime;
        return new PolicyDecision.SetMaxDowntime(downtime) { Reason = reason };
    }
}
