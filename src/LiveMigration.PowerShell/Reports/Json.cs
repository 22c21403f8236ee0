using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Reports → JSON.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(object report) => JsonSerializer.Serialize(report, Plain) + "\n";
}
