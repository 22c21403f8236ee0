using LiveMigration.Evacuation;
using LiveMigration.Forecasting;
using LiveMigration.PowerShell.Reports;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What a report can be made of.</summary>
public sealed class ReportSource
{
    /// <summary>What Test-MigrationReadiness found.</summary>
    /// <param name="report">The report.</param>
    public ReportSource(ReadinessReport report) => Readiness = report ?? throw new ArgumentNullException(nameof(report));

    /// <summary>A plan that was not carried out.</summary>
    /// <param name="plan">The plan.</param>
    public ReportSource(EvacuationPlan plan) => Evacuation = new EvacuationStory(plan ?? throw new ArgumentNullException(nameof(plan)));

    /// <summary>An evacuation, under way or ended.</summary>
    /// <param name="evacuation">The evacuation.</param>
    public ReportSource(HostEvacuation evacuation)
    {
        ArgumentNullException.ThrowIfNull(evacuation);
        Evacuation = new EvacuationStory(evacuation.Plan, evacuation);
    }

    /// <summary>What Get-MigrationForecast expects.</summary>
    /// <param name="forecast">The forecast.</param>
    public ReportSource(MigrationForecast forecast) => Forecast = forecast ?? throw new ArgumentNullException(nameof(forecast));

    /// <summary>One VM's part of an evacuation, which comes in the pipeline before the whole: the whole has it.</summary>
    /// <param name="domain">The VM's part.</param>
    public ReportSource(EvacuatedDomain domain) => ArgumentNullException.ThrowIfNull(domain);

    internal ReadinessReport? Readiness { get; }

    internal EvacuationStory? Evacuation { get; }

    internal MigrationForecast? Forecast { get; }

    /// <summary>The original value as text.</summary>
    public override string ToString() => Readiness is { } report ? $"{report.Name} to {report.Destination}" : Evacuation?.Title ?? $"{Forecast}";
}
