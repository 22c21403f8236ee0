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

    /// <summary>The format; by default it follows from the extension of the file name.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>The title of the report.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Do not replace an existing file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace a file that is read-only, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _sources.AddRange(Report);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var path = OutputFile.Locate(this, Path);
        var file = new OutputFile(path, "The report", CmdletFaults.ReportExists, CmdletFaults.ReportNotWritable);
        var text = Text(Format ?? ByName(path));
        file.Check(NoClobber);
        if (!await output.ShouldProcessAsync($"Write a report to '{path}'.", $"Write a report to '{path}'?"))
            return;
        await file.WriteAsync(text, Force, cancellationToken);
        await output.WriteFileAsync(path);
    }

    private string Text(ReportFormat format)
    {
        var (reports, stories) = (_sources.Select(source => source.Readiness).OfType<ReadinessReport>().ToArray(), _sources.Select(source => source.Evacuation).OfType<EvacuationStory>().ToArray());
        if (stories.Length == 0 && _sources.Exists(source => source.Readiness is null))
            throw new LiveMigrationException(CmdletFaults.ReportMixed, "Parts of an evacuation cannot be exported without the evacuation itself.");
        if (reports.Length > 0 && stories.Length > 0)
            throw new LiveMigrationException(CmdletFaults.ReportMixed, "Readiness reports and evacuations cannot be exported to the same report.");
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
        ".HTML" or ".HTM" => ReportFormat.Html,
        var ending => throw new LiveMigrationException(
            CmdletFaults.InvalidArgument,
            ending.Length == 0
                ? $"'{path}' does not show the format of the report. Use a name that ends in .html, .json or .csv, or specify -Format."
                : $"A report cannot be written as '{ending.ToLowerInvariant()}'. Use a name that ends in .html, .json or .csv, or specify -Format."),
    };
}
