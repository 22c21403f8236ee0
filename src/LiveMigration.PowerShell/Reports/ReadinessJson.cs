using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Reports;

/// <summary>readiness → JSON.</summary>
internal static class ReadinessJson
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(string title, IReadOnlyList<ReadinessReport> reports) => JsonSerializer.Serialize(
        new
        {
            title,
            reports = reports.Select(report => new
            {
                report.Name,
                domain = report.Domain.Uuid,
                report.Source,
                report.Destination,
                report.Verdict,
                report.IsReady,
                report.When,
                report.Findings,
            }),
        },
        Plain) + "\n";
}
