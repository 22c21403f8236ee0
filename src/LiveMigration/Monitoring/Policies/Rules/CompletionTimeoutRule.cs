using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>Ends what takes too long.</summary>
internal sealed class CompletionTimeoutRule(CompletionTimeout timeout, double dataSize, bool postCopy, bool vfio) : ConvergenceRule
{
    private readonly TimeSpan _allowed = timeout.For(dataSize);
    private bool _postCopy = postCopy;
    private PolicyDecision? _made;
    private bool _abort;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (sample.Elapsed <= _allowed)
            yield break;
        var late = $"The migration takes longer than {new Duration(_allowed)}{sample.Describe()}";
        if (_made is null)
        {
            _made = Act() with { Reason = late + "." };
            yield return _made;
        }
        else if (_abort || (timeout.AbortAtFactor is { } factor && sample.Elapsed > _allowed * factor))
        {
            yield return new PolicyDecision.Abort(AbortCause.Timeout) { Reason = $"{late}, and could not be completed." };
        }
    }

    /// <summary>Post-copy gives way to the next best; where that is not available either, there is nothing but to give up.</summary>
    internal override bool Refused(PolicyDecision decision)
    {
        if (decision != _made)
            return false;
        _abort = decision is not PolicyDecision.StartPostCopy;
        if (decision is PolicyDecision.StartPostCopy)
            (_postCopy, _made) = (false, null);
        return false;
    }

    private PolicyDecision Act() => timeout.Action switch
    {
        CompletionAction.Suspend => new PolicyDecision.Suspend(),
        CompletionAction.PostCopy or CompletionAction.ForceComplete when _postCopy => new PolicyDecision.StartPostCopy(),
        CompletionAction.ForceComplete when vfio => new PolicyDecision.SetMaxDowntime(Min(_allowed * 2, DowntimeSchedule.Most)),
        CompletionAction.ForceComplete => new PolicyDecision.Suspend(),
        _ => new PolicyDecision.Abort(AbortCause.Timeout),
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
