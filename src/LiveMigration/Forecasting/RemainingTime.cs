namespace LiveMigration.Forecasting;

/// <summary>
/// How long a running migration still takes, by what its passes tell. What was said stays, and counts down, until a pass says something else by
/// more than a little.
/// </summary>
internal sealed class RemainingTime
{
    private const int Guests = 8;

    /// <summary>What was said is left as it is while it is off by no more than this share.</summary>
    private const double Little = 0.2;

    /// <summary>Of the guests that fit what was seen, so few let it end where it never does.</summary>
    private const double Few = 0.2;

    /// <summary>A pass that begins with less than this share of what the last one began with brings the end closer.</summary>
    private const double Shrinking = 0.9;

    private PassHistory? _history;
    private int _iteration;
    private long _sent;

    /// <summary>The downtime limit: QEMU's own until a pass has shown how much is left over for it.</summary>
    private double _limit = 0.3;

    private double? _end;

    /// <summary>Whether it never ends, as the guest and the limits are.</summary>
    internal bool Never { get; private set; }

    /// <summary>Adds a look at the migration, and says how long it still takes; null where the passes do not tell yet, or it never ends. Seconds and bytes.</summary>
    internal double? Add(double at, int iteration, long total, long remaining, long transferred, double rate, double throttle)
    {
        _history ??= new PassHistory(total);
        if (rate > 0)
            _history.Send(rate);
        if (iteration > _iteration && _history.Rate > 0)
            Begin(at, iteration, remaining, transferred, throttle);
        return Never ? null : _end is { } end ? Math.Max(end - at, remaining / _history.Rate / _history.Compression) : null;
    }

    private void Begin(double at, int iteration, long remaining, long transferred, double throttle)
    {
        var before = _history!.Left;
        // Of the first pass it is not known how many of its pages were zeros, which are not sent. What was left over this pass begins with; where that
        // is less, the pages were compressed.
        if (iteration == _iteration + 1 && _iteration > 1 && _history.Compression == 1 && before - (transferred - _sent) is var over && over <= remaining)
            _limit = Math.Clamp(over / _history.Rate + 0.03, 0.01, 2000);
        _history.Begin(at, iteration, remaining, transferred, _limit * _history.Rate, throttle);
        (_iteration, _sent) = (iteration, transferred);
        if (_history.Known == 0)
        {
            (_end, Never) = (null, false);
            return;
        }

        var random = new Random(3);
        var rate = _history.Rate;
        var outcomes = Array.ConvertAll(_history.Possible(Guests), guest => guest.Run(rate, _history.Compression, _limit, 120 + 20 * remaining / rate, null, random));
        var ended = Array.FindAll(outcomes, outcome => outcome.Ended);
        Never = ended.Length <= Few * Guests && _history.Known >= 2 && remaining > Shrinking * before;
        if (Never || ended.Length * 2 < Guests)
        {
            _end = null;
            return;
        }

        var end = at + ended.Select(outcome => outcome.Seconds + outcome.Remaining / rate / _history.Compression).Order().ElementAt(ended.Length / 2);
        if (_end is not { } said || Math.Abs(end - said) > Little * Math.Max(0, said - at) + 0.5)
            _end = end;
    }
}
