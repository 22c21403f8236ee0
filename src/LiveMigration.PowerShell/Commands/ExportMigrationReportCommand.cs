using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Reports;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Commands;

/// <summary>readiness reports → a file to look at, or to read by programs.</summary>
[Cmdlet(VerbsData.Export, "MigrationReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMigrationReportCommand : AsyncCmdlet
{
    private readonly List<ReadinessReport> _reports = [];

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What was found.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    public ReadinessReport[] Report { get; set; } = [];

    /// <summary>How it is written; by default as the file's name ends.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>What stands above it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Migration readiness";

    /// <summary>Do not replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _reports.AddRange(Report);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var text = (Format ?? ByName(path)) switch
        {
            ReportFormat.Json => ReadinessJson.Write(Title, _reports),
            ReportFormat.Csv => ReadinessCsv.Write(_reports),
            _ => ReadinessPage.Write(Title, _reports),
        };
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

    private static ReportFormat ByName(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => ReportFormat.Json,
        ".CSV" => ReportFormat.Csv,
        _ => ReportFormat.Html,
    };
}
