namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>
/// What remained at the beginning of each pass: says whether that has stopped shrinking, and what little remaining is worth
/// waiting for. Milliseconds and bytes, cut to whole numbers as KubeVirt does.
/// </summary>
internal sealed class StallHistory(StallDetection settings)
{
    private readonly double _margin = settings.StallMargin / 100.0;
    private readonly long _window = settings.StallProgressTimeout.Milliseconds;

    /// <summary>Ever smaller values within the window, oldest first.</summary>
    private readonly LinkedList<(long Time, long Remaining)> _candidates = [];

    /// <summary>What was seen since it stalled, smallest first.</summary>
    private readonly PriorityQueue<long, long> _seen = new();

    /// <summary>The smallest value older than the window.</summary>
    private long? _before;

    private long _patience;
    private long _relaxAt;

    /// <summary>Whether it has stalled; once it has, it has.</summary>
    internal bool IsStalled { get; private set; }

    /// <summary>The smallest remainder that is still hoped for.</summary>
    internal long Best { get; private set; }

    /// <summary>Whether this is as little as can be hoped for.</summary>
    internal bool IsMinimum(long remaining) => remaining <= (long)(Best * (1 + _margin));

    /// <summary>Adds the beginning of a pass.</summary>
    internal void Add(long time, long remaining)
    {
        AddCandidate(time, remaining);
        if (IsStalled)
        {
            Relax(time, remaining);
        }
        else if (_before is { } before && remaining >= (long)(before * (1 - _margin)))
        {
            IsStalled = true;
            Best = _candidates.Select(candidate => candidate.Remaining).Append(before).Min();
            _patience = _window;
            _relaxAt = time + _patience;
        }
    }

    private void AddCandidate(long time, long remaining)
    {
        while (_candidates.First is { Value: var oldest } && time - oldest.Time >= _window)
        {
            _candidates.RemoveFirst();
            _before = Math.Min(_before ?? long.MaxValue, oldest.Remaining);
        }

        if (!(remaining > _before) && !(remaining >= _candidates.Last?.Value.Remaining))
            _candidates.AddLast((time, remaining));
    }

    /// <summary>As time goes by without a good moment, the next best has to do, and ever sooner.</summary>
    private void Relax(long time, long remaining)
    {
        _seen.Enqueue(remaining, remaining);
        if (time < _relaxAt)
            return;
        Best = _seen.Dequeue();
        _patience = (long)(_patience * settings.PatienceWindowDecayFactor);
        _relaxAt = time + _patience;
    }
}
