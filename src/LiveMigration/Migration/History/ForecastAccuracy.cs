namespace LiveMigration.Migration.History;

/// <summary>
/// How good the forecasts of migrations were that have ended. An error is relative to what was measured: 0.1 is 10 %. Null is where there is nothing to
/// compare.
/// </summary>
public sealed record ForecastAccuracy
{
    /// <summary>The VM; null for all of them together.</summary>
    public string? Name { get; init; }

    /// <summary>How many migrations with a forecast were compared with it.</summary>
    public required int Count { get; init; }

    /// <summary>How many migrations had no forecast: the link or the VM's dirty rate was not known when they started.</summary>
    public required int WithoutForecast { get; init; }

    /// <summary>How many had one and say nothing about it: they were stopped, or failed for another reason than not converging.</summary>
    public required int NotComparable { get; init; }

    /// <summary>Mean relative error of the total time.</summary>
    public double? TimeError { get; init; }

    /// <summary>90 % of the relative errors of the total time are no larger.</summary>
    public double? TimeError90 { get; init; }

    /// <summary>Mean relative error of the bytes sent.</summary>
    public double? BytesError { get; init; }

    /// <summary>90 % of the relative errors of the bytes sent are no larger.</summary>
    public double? BytesError90 { get; init; }

    /// <summary>Mean relative error of the downtime.</summary>
    public double? DowntimeError { get; init; }

    /// <summary>90 % of the relative errors of the downtime are no larger.</summary>
    public double? DowntimeError90 { get; init; }

    /// <summary>Median of how far the downtime was off.</summary>
    public TimeSpan? DowntimeOff { get; init; }

    /// <summary>The share of total times inside the range that was to hold 80 %, 0 to 1.</summary>
    public double? TimeInBand { get; init; }

    /// <summary>The share of bytes sent inside their range.</summary>
    public double? BytesInBand { get; init; }

    /// <summary>The share of downtimes inside their range.</summary>
    public double? DowntimeInBand { get; init; }

    /// <summary>Migrations that were forecast to converge, and did.</summary>
    public required int Converged { get; init; }

    /// <summary>Migrations that were forecast to converge, and did not.</summary>
    public required int FalselyPromised { get; init; }

    /// <summary>Migrations that were forecast not to converge, and did.</summary>
    public required int FalselyWarned { get; init; }

    /// <summary>Migrations that were forecast not to converge, and did not.</summary>
    public required int NotConverged { get; init; }

    /// <summary>The share of forecasts that were right about convergence, 0 to 1.</summary>
    public double? Right => Count == 0 ? null : (Converged + NotConverged) / (double)Count;

    /// <summary>For example <c>12 forecasts, 100 % right about convergence</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name ?? "all VMs"}: {Count} forecasts{(Right is { } right ? $", {right:P0} right about convergence" : "")}");
}
