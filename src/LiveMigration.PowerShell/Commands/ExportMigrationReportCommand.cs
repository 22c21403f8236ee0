using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Reports;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Commands;

/// <summary>readiness reports, plans and evacuations → a file to look at, or to read by programs.</summary>
[Cmdlet(VerbsData.Export, "MigrationReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "Export-MigrationReport.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportMigrationReportCommand : AsyncCmdlet
{
    private readonly List<ReportSource> _sources = [];

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What was found, planned or done.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("Plan", "Evacuation")]
    public ReportSource[] Report { get; set; } = [];

    /// <summary>How it is written; by default as the file's name ends.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>What stands above it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Do not replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _sources.AddRange(Report);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var text = Text(Format ?? ByName(path));
        if (NoClobber && File.Exists(path))
            throw new LiveMigrationException(CmdletFaults.ReportExists, $"There is a file '{path}' already.");
        if (!await output.ShouldProcessAsync($"Write a report to '{path}'.", $"Write a report to '{path}'?"))
            return;
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(CmdletFaults.ReportNotWritable, $"The report cannot be written: {error.Message}", innerException: error);
        }

        await output.WriteObjectAsync(new FileInfo(path));
    }

    private string Text(ReportFormat format)
    {
        var (reports, stories) = (_sources.Select(source => source.Readiness).OfType<ReadinessReport>().ToArray(), _sources.Select(source => source.Evacuation).OfType<EvacuationStory>().ToArray());
        if (stories.Length == 0 && _sources.Exists(source => source.Readiness is null))
            throw new LiveMigrationException(CmdletFaults.ReportMixed, "Parts of an evacuation make no report: the evacuation itself is missing.");
        if (reports.Length > 0 && stories.Length > 0)
            throw new LiveMigrationException(CmdletFaults.ReportMixed, "Readiness and evacuations make no report together.");
        var title = Title ?? (stories.Length == 0 ? "Migration readiness" : stories.Length == 1 ? stories[0].Title : "Evacuations");
        return (format, stories.Length > 0) switch
        {
            (ReportFormat.Json, false) => ReadinessJson.Write(title, reports),
            (ReportFormat.Csv, false) => ReadinessCsv.Write(reports),
            (_, false) => ReadinessPage.Write(title, reports),
            (ReportFormat.Json, _) => EvacuationJson.Write(title, stories),
            (ReportFormat.Csv, _) => EvacuationCsv.Write(stories),
            _ => EvacuationPage.Write(title, stories),
        };
    }

    private static ReportFormat ByName(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => ReportFormat.Json,
        ".CSV" => ReportFormat.Csv,
        _ => ReportFormat.Html,
    };
}
