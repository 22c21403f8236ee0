namespace LiveMigration.Forecasting;

/// <summary>How QEMU slows a guest down: at a look that is more than a second after the last one, for the second time that too much was dirtied.</summary>
/// <param name="percent">How much it is slowed down already.</param>
internal sealed class AutoConverge(int percent = 0)
{
    private const int Initial = 20;
    private const int Increment = 10;
    private const int Most = 99;

    /// <summary>Too much: more than this share of what was sent meanwhile.</summary>
    private const double Threshold = 0.5;

    private double _seconds;
    private double _dirtied;
    private double _sent;
    private bool _once;

    internal int Percent { get; private set; } = percent;

    internal void Look(double seconds, double dirtied, double sent)
    {
        _seconds += seconds;
        _dirtied += dirtied;
        _sent += sent;
        if (_seconds <= 1)
            return;
        if (_dirtied > Threshold * _sent)
        {
            if (_once)
                Percent = Percent == 0 ? Initial : Math.Min(Most, Percent + Increment);
            _once = !_once;
        }

        _seconds = _dirtied = _sent = 0;
    }
}
