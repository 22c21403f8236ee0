using System.Management.Automation;
using LiveMigration.Migration.History;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The history → how good the forecasts were.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MigrationForecast", HelpUri = OnlineHelp.Pages + "Measure-MigrationForecast.md")]
[OutputType(typeof(ForecastAccuracy))]
public sealed class MeasureMigrationForecastCommand : HistoryCmdlet
{
    /// <summary>One object for each VM.</summary>
    [Parameter]
    public SwitchParameter PerVM { get; set; }

    /// <summary>Of nothing, no accuracy.</summary>
    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var found = Found;
        if (PerVM)
            await output.WriteObjectsAsync(ForecastScore.OfEach(found));
        else if (found.Length > 0)
            await output.WriteObjectAsync(ForecastScore.Of(found));
    }
}
