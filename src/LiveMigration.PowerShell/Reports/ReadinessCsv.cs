using System.Text;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Reports;

/// <summary>readiness → CSV, one line for each finding.</summary>
internal static class ReadinessCsv
{
    private static readonly string[] Columns =
        ["Name", "Source", "Destination", "Verdict", "Id", "Title", "Category", "Severity", "Status", "Blocks", "Subject", "Evidence", "Fix", "Waived"];

    internal static string Write(IReadOnlyList<ReadinessReport> reports)
    {
        var text = new StringBuilder().AppendCsv(Columns);
        foreach (var report in reports)
        {
            foreach (var finding in report.Findings)
            {
                string?[] line =
                [
                    report.Name, report.Source, report.Destination, $"{report.Verdict}", finding.Id, finding.Title, $"{finding.Category}",
                    $"{finding.Severity}", $"{finding.Status}", $"{finding.Blocks}", finding.Subject, finding.Evidence, finding.Fix, finding.WaivedBecause,
                ];
                text.AppendCsv(line);
            }
        }

        return text.ToString();
    }
}
