namespace LiveMigration.Tracing;

/// <summary>How the values of a metric are read.</summary>
public enum MetricKind
{
    /// <summary>A number that only grows: its increase over a time counts.</summary>
    Counter,

    /// <summary>A number that may go either way: what it is now counts.</summary>
    Gauge,

    /// <summary>How many measurements were no larger than each of several bounds, and their sum.</summary>
    Histogram,
}
