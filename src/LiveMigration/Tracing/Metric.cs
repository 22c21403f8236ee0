namespace LiveMigration.Tracing;

/// <summary>A metric: one definition for OpenTelemetry, which has it by its name, and for Prometheus, which has the unit in the name.</summary>
/// <param name="Name">OpenTelemetry's name, for example <c>livemigration.migration.downtime</c>.</param>
/// <param name="Kind">How its values are read.</param>
/// <param name="Unit">The unit in UCUM: <c>s</c>, <c>By</c>, <c>By/s</c>, <c>1</c> for a ratio; in braces what is counted.</param>
/// <param name="Description">What it is, as a sentence.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, string Description)
{
    /// <summary>The bounds of a histogram, ascending, in its unit; none for others.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>The name that Prometheus has, and that OpenTelemetry's exporter makes of it: <c>livemigration_migration_downtime_seconds</c>.</summary>
    public string PrometheusName { get; } = Name.Replace('.', '_') + Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        "By/s" => "_bytes_per_second",
        "1" => "_ratio",
        _ => "",
    } + (Kind is MetricKind.Counter ? "_total" : "");

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
