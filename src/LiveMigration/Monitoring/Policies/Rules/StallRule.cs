using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>
/// KubeVirt's stall detector and what it does. Whether the guest may be disrupted is the action of the time-out: with
/// <see cref="CompletionAction.ForceComplete"/> it may.
/// </summary>
internal sealed class StallRule : ConvergenceRule
{
    /// <summary>QEMU's own downtime, which is not lowered below what was asked for and not raised before it stalls.</summary>
    private static readonly TimeSpan QemuDowntime = TimeSpan.FromMilliseconds(300);

    private readonly StallDetection _settings;
    private readonly StallHistory _history;
    private readonly SampleGrid _looks = new(TimeSpan.FromMilliseconds(400));
    private readonly bool _disrupt;
    private bool _postCopy;

    /// <summary>Whole seconds until all must be over, until the switch must have begun.</summary>
    private long _allowed;
    private long _switchBy;
    private (long Allowed, long SwitchBy) _former;

    private double _bandwidth;
    private int _iteration;
    private long _remaining;
    private bool _started;
    private bool _switching;

    internal StallRule(StallDetection settings, CompletionTimeout timeout, double dataSize, bool postCopy)
    {
        _settings = settings;
        _history = new(settings);
        _disrupt = timeout.Action is CompletionAction.ForceComplete;
        _postCopy = postCopy;
        _allowed = _switchBy = (long)timeout.For(dataSize).TotalSeconds;
    }

    internal override TimeSpan Interval => _looks.Interval;

    /// <summary>How long the rest would take at the average bandwidth, in whole milliseconds.</summary>
    private long Estimate => _bandwidth == 0 ? 0 : (long)Math.Min(uint.MaxValue, _remaining / (_bandwidth / 1000));

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        if (!_started)
        {
            _started = true;
            yield return SetDowntime(_settings.MaxDowntime.Value < QemuDowntime ? _settings.MaxDowntime : QemuDowntime) with
            {
                Reason = "The policy raises the downtime only at a favorable moment.",
            };
        }

        if (sample is { Iteration: { } iteration, Remaining.Bytes: var remaining } && iteration > _iteration)
        {
            (_iteration, _remaining) = (iteration, remaining);
            if (AtPass(sample) is { } decision)
            {
                yield return decision;
                if (decision is PolicyDecision.StartPostCopy)
                    yield break;
            }
        }
        else if (sample is { Phase: MigrationPhase.Switching, Remaining.Bytes: var rest })
        {
            _remaining = rest;
        }
        else if (sample.Rate is { } rate && _looks.IsDue(sample.Elapsed))
        {
            _bandwidth = _bandwidth == 0
                ? rate.BytesPerSecond
                : _settings.EwmaAlpha * rate.BytesPerSecond + (1 - _settings.EwmaAlpha) * _bandwidth;
        }

        if (AtTimeout(sample) is { } end)
            yield return end;
    }

    internal override bool Refused(PolicyDecision decision)
    {
        if (!_switching || decision is not (PolicyDecision.StartPostCopy or PolicyDecision.SetMaxDowntime))
            return false;
        _switching = false;
        (_allowed, _switchBy) = _former;
        _postCopy &= decision is not PolicyDecision.StartPostCopy;
        return true;
    }

    private PolicyDecision? AtPass(PolicySample sample)
    {
        if (_bandwidth == 0 || _switching)
            return null;
        _history.Add((long)sample.Elapsed.TotalMilliseconds, _remaining);
        if (!_history.IsStalled)
            return null;
        if (_settings.SearchLocalMinima && !_history.IsMinimum(_remaining))
            return new PolicyDecision.Wait { Reason = "The migration has stalled; waiting for a moment with less remaining data." };
        if (!FitsDeadline(sample))
            return new PolicyDecision.Wait { Reason = "The migration has stalled, and the rest could not be sent in the time left." };

        var estimate = Duration.FromMilliseconds(Estimate);
        var reason = $"The migration has stalled, and completing it now would take about {estimate} of downtime{sample.Describe()}";
        if (_disrupt)
            return Switch(sample, _postCopy ? new PolicyDecision.StartPostCopy() : SetDowntime(DowntimeSchedule.Most), reason + ".");
        if (estimate.Milliseconds <= _settings.MaxDowntime.Milliseconds * _settings.PrecopyPossibleFactor)
            return Switch(sample, SetDowntime(_settings.MaxDowntime), reason + ".");
        return Switch(sample, new PolicyDecision.Abort(AbortCause.NotConverging), $"{reason}; {_settings.MaxDowntime} is allowed.");
    }

    private PolicyDecision? AtTimeout(PolicySample sample)
    {
        var limit = sample.Phase is MigrationPhase.Switching ? _allowed : _switchBy;
        if (Seconds(sample) <= limit)
            return null;
        var reason = $"The migration takes longer than {new Duration(TimeSpan.FromSeconds(limit))}{sample.Describe()}.";
        if (_bandwidth == 0 || _switching || !FitsDeadline(sample) || !(_postCopy || _disrupt))
            return new PolicyDecision.Abort(AbortCause.Timeout) { Reason = reason };
        if (_postCopy)
            return Switch(sample, new PolicyDecision.StartPostCopy(), reason);
        var decision = Switch(sample, SetDowntime(DowntimeSchedule.Most), reason);
        _allowed = (long)(_allowed * _settings.CompletionTimeoutFactor);
        return decision;
    }

    /// <summary>A link that has just broken down is no good moment.</summary>
    private bool FitsDeadline(PolicySample sample) =>
        Estimate <= ((long)(_allowed * _settings.CompletionTimeoutFactor) - Seconds(sample)) * 1000;

    private PolicyDecision Switch(PolicySample sample, PolicyDecision decision, string reason)
    {
        _switching = true;
        _former = (_allowed, _switchBy);
        if (decision is PolicyDecision.SetMaxDowntime)
            _switchBy = Seconds(sample) + (long)_settings.SwitchoverTimeout.Value.TotalSeconds;
        return decision with { Reason = reason };
    }

    private static PolicyDecision.SetMaxDowntime SetDowntime(Duration downtime) => new(downtime);

    private static long Seconds(PolicySample sample) => (long)sample.Elapsed.TotalSeconds;
}
