using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Reports;

namespace LiveMigration.PowerShell.Commands;

/// <summary>readiness reports, forecasts, plans and evacuations → a file to look at, or to read by programs.</summary>
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
        var content = ReportContent.Of(_sources);
        return format switch
        {
            ReportFormat.Json => content.Json(Title ?? content.Title),
            ReportFormat.Csv => content.Csv(),
            _ => content.Page(Title ?? content.Title),
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
