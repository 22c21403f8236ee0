using System.Text;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Lines of words → CSV.</summary>
internal static class Csv
{
    internal static StringBuilder AppendCsv(this StringBuilder text, IEnumerable<string?> line) => text.AppendJoin(',', line.Select(Quote)).Append("\r\n");

    /// <summary>A spreadsheet takes what begins with one of these for a formula, wherever the text came from.</summary>
    private static string Quote(string? word)
    {
        var safe = word is [('=' or '+' or '-' or '@' or '\t' or '\r'), ..] ? "'" + word : word ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
