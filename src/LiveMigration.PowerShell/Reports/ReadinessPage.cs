using System.Globalization;
using System.Text;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Reports;

/// <summary>readiness → one page that needs nothing but itself: each VM and destination at a glance, and what was found below.</summary>
internal static class ReadinessPage
{
    private static readonly ReadinessVerdict[] Verdicts =
        [ReadinessVerdict.NotReady, ReadinessVerdict.Uncertain, ReadinessVerdict.ReadyAsFarAsKnown, ReadinessVerdict.ReadyWithWarnings, ReadinessVerdict.Ready];

    internal static string Write(string title, IReadOnlyList<ReadinessReport> reports)
    {
        var destinations = reports.Select(report => report.Destination).Distinct().Order(StringComparer.Ordinal).ToArray();
        var fields = new Dictionary<string, string>
        {
            ["title"] = Page.Text(title),
            ["summary"] = Summary(reports, destinations.Length),
            ["choices"] = string.Join('\n', Verdicts.Select(verdict => $"<label><input type=\"checkbox\" value=\"{verdict}\" checked> {Word(verdict)}</label>")),
            ["destinations"] = string.Concat(destinations.Select(name => $"<th scope=\"col\">to {Page.Text(name)}</th>")),
            ["rows"] = Rows(reports, destinations),
            ["details"] = string.Concat(reports.Select(Details)),
        };
        return Page.Fill("ReadinessPage.html", fields);
    }

    private static string Summary(IReadOnlyList<ReadinessReport> reports, int destinations)
    {
        var vms = reports.Select(report => report.Uuid).Distinct().Count();
        var counts = Verdicts.Select(verdict => (verdict, Count: reports.Count(report => report.Verdict == verdict)))
            .Where(one => one.Count > 0).Select(one => $"{one.Count} {Word(one.verdict)}");
        var when = reports.Count == 0 ? "" : $" Checked on {reports.Max(report => report.When).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)}.";
        return $"{Page.Count(vms, "VM")}, {Page.Count(destinations, "destination")}: {string.Join(", ", counts)}.{when}";
    }

    private static string Rows(IReadOnlyList<ReadinessReport> reports, string[] destinations)
    {
        var html = new StringBuilder();
        foreach (var vm in reports.Select((report, index) => (report, index)).GroupBy(one => (one.report.Name, one.report.Source)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Page.Text(vm.Key.Name)}</th><td>{Page.Text(vm.Key.Source)}</td>");
            foreach (var destination in destinations)
            {
                var found = vm.Where(one => one.report.Destination == destination).ToArray();
                html.Append(found.Length == 0
                    ? "<td><span class=\"soft\">not checked</span></td>"
                    : $"<td class=\"cell {found.Max(one => one.report.Verdict)}\">{string.Join("<br>", found.Select(one => Link(one.report, one.index)))}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.ToString();
    }

    /// <summary>Read aloud, a link says of what it is the verdict.</summary>
    private static string Link(ReadinessReport report, int index) =>
        $"<a class=\"verdict {report.Verdict}\" href=\"#r{index}\" aria-label=\"{Word(report.Verdict)}: {Page.Text(report.Name)} from {Page.Text(report.Source)} to {Page.Text(report.Destination)}\">{Sign(report.Verdict)} {Word(report.Verdict)}</a>{Ids(report)}";

    private static string Ids(ReadinessReport report) =>
        report.IsReady ? "" : $" <span class=\"soft\">{Page.Text(string.Join(", ", report.Blockers.Select(finding => finding.Id).Distinct()))}</span>";

    private static string Details(ReadinessReport report, int index)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <details id="r{index}" class="{report.Verdict}" data-verdict="{report.Verdict}">
            <summary><strong>{Page.Text(report.Name)}</strong> from {Page.Text(report.Source)} to {Page.Text(report.Destination)}: <span class="verdict {report.Verdict}">{Sign(report.Verdict)} {Word(report.Verdict)}</span>
            <span class="soft">{report.Failed.Count} fail, {Page.Count(report.Warnings.Count, "warning")}, {report.Unknown.Count} unknown, {report.Passed.Count} pass</span></summary>
            <div class="wide" role="region" aria-label="Findings: {Page.Text(report.Name)} from {Page.Text(report.Source)} to {Page.Text(report.Destination)}" tabindex="0"><table>
            <thead><tr><th scope="col">Status</th><th scope="col">Check</th><th scope="col">Finding</th></tr></thead>
            <tbody>

            """);
        foreach (var finding in report.Findings.Where(finding => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)).OrderByDescending(finding => (finding.Blocks, finding.Status)))
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"verdict {finding.Status}\">{finding.Status}</td><th scope=\"row\">{Check(finding)}</th><td>{Found(finding)}</td></tr>\n");
        foreach (var category in report.Passed.GroupBy(finding => finding.Category))
            html.Append(CultureInfo.InvariantCulture, $"<tr class=\"passed\"><td class=\"verdict Pass\">Pass</td><th scope=\"row\">{category.Key}</th><td>{Passed(category)}</td></tr>\n");
        return html.Append("</tbody></table></div>\n</details>\n").ToString();
    }

    private static string Check(ReadinessFinding finding)
    {
        var title = $"{finding.Id} {Page.Text(finding.Title)}";
        return finding.Link is { } link && link.StartsWith("https://", StringComparison.Ordinal) ? $"<a href=\"{Page.Text(link)}\" rel=\"noreferrer\">{title}</a>" : title;
    }

    private static string Found(ReadinessFinding finding) =>
        (finding.Subject is null ? "" : $"<strong>{Page.Text(finding.Subject)}</strong>: ") + Page.Text(finding.Evidence)
        + (finding.WaivedBecause is null ? "" : $"<br>Waived: {Page.Text(finding.WaivedBecause)}")
        + (finding.Fix is null ? "" : $"<code>{Page.Text(finding.Fix)}</code>");

    private static string Passed(IEnumerable<ReadinessFinding> findings) =>
        string.Join("<br>", findings.Select(finding => $"{finding.Id} {Page.Text(finding.Title)}: {(finding.Subject is null ? "" : Page.Text(finding.Subject) + ": ")}{Page.Text(finding.Evidence)}"));

    private static string Word(ReadinessVerdict verdict) => verdict switch
    {
        ReadinessVerdict.Ready => "ready",
        ReadinessVerdict.ReadyWithWarnings => "ready, with warnings",
        ReadinessVerdict.ReadyAsFarAsKnown => "ready as far as known",
        ReadinessVerdict.Uncertain => "uncertain",
        _ => "not ready",
    };

    /// <summary>Colour alone tells nothing to some.</summary>
    private static string Sign(ReadinessVerdict verdict) => verdict switch
    {
        ReadinessVerdict.Ready => "✓",
        ReadinessVerdict.ReadyWithWarnings => "!",
        ReadinessVerdict.ReadyAsFarAsKnown => "~",
        ReadinessVerdict.Uncertain => "?",
        _ => "✗",
    };
}
