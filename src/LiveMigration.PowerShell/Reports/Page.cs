using System.Globalization;
using System.Net;
using System.Text;

namespace LiveMigration.PowerShell.Reports;

/// <summary>What the pages have in common: a template in this assembly with fields to fill in, one style, and text that is made safe.</summary>
internal static class Page
{
    /// <summary>Fills a template in, in one pass: what comes from hosts may look like a field.</summary>
    internal static string Fill(string template, Dictionary<string, string> fields)
    {
        var page = new StringBuilder();
        var parts = Resource(template).Split("{{");
        page.Append(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var end = part.IndexOf("}}", StringComparison.Ordinal);
            page.Append(part[..end] switch
            {
                "style" => Resource("Page.css"),
                "script" => Resource("Page.js"),
                var field => fields[field],
            });
            page.Append(part.AsSpan(end + 2));
        }

        return page.ToString();
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    internal static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Resource(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
