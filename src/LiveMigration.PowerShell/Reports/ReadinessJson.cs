using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Reports;

/// <summary>readiness → JSON.</summary>
internal static class ReadinessJson
{
    internal static string Write(string title, IReadOnlyList<ReadinessReport> reports) => Json.Write(
        new
        {
            title,
            reports = reports.Select(report => new
            {
                report.Name,
                domain = report.Uuid,
                report.Source,
                report.Destination,
                report.Verdict,
                report.IsReady,
                report.IsKnown,
                report.When,
                report.Findings,
            }),
        });
}
