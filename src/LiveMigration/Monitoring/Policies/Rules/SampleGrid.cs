namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>
/// Lets samples through at an even pace, however often they come: some rules count looks, and were made for one pace.
/// </summary>
internal sealed class SampleGrid(TimeSpan interval)
{
    private TimeSpan _next = interval;

    internal TimeSpan Interval { get; private set; } = interval;

    internal bool IsDue(TimeSpan elapsed)
    {
        if (elapsed < _next)
            return false;
        _next += Interval;
        if (_next <= elapsed)
            _next = elapsed + Interval;
        return true;
    }

    /// <summary>From now on at another pace.</summary>
    internal void Change(TimeSpan pace, TimeSpan elapsed) => (Interval, _next) = (pace, elapsed + pace);
}
