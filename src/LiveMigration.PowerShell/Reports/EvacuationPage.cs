using System.Globalization;
using System.Text;
using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>evacuations → one page that needs nothing but itself: plan and run as drawings, and the same as tables.</summary>
internal static class EvacuationPage
{
    internal static string Write(string title, IReadOnlyList<EvacuationStory> stories) => Page.Fill("EvacuationPage.html", new Dictionary<string, string>
    {
        ["title"] = Page.Text(title),
        ["stories"] = string.Concat(stories.Select(story => Section(story, stories.Count > 1))),
    });

    private static string Section(EvacuationStory story, bool isOneOfMany) => $"""
        <section>
        {(isOneOfMany ? $"<h2>{Page.Text(story.Title)}{(story.Run is null ? "" : $" <span class=\"soft\">{Page.Text(story.Run.Id)}</span>")}</h2>" : "")}
        <p class="soft">{Page.Text(story.Summary)}</p>
        {(story.Run is null ? "" : Legend())}
        <h3>VMs</h3>
        <div class="wide" role="region" aria-label="When each VM moves" tabindex="0">
        {new GanttChart(story).Draw()}
        </div>
        <h3>Links</h3>
        <p class="soft">Dotted: the limit. Dashed: planned.{(story.Run is null ? "" : " Filled: actual.")} Each migration is drawn with its average rate from start to end, so while one migration is throttled in favor of another
        the sum can be higher than the actual traffic on the link. The numbers are averages from the first start to the last end.</p>
        <div class="wide" role="region" aria-label="Traffic on each link" tabindex="0">
        {new LinkChart(story).Draw()}
        </div>
        <h3>Data as a table</h3>
        <div class="wide" role="region" aria-label="Plan and result of each VM" tabindex="0">
        <table>
        <thead><tr>{Heads(story.Run is null ? ["VM", "From", "To", "Wave", "Planned", "Bytes", "Rate", "Alternatives"] : ["VM", "From", "To", "Wave", "Planned", "Transferred", "Downtime", "Result"])}</tr></thead>
        <tbody>
        {string.Concat(story.Moves.Select(row => Row(row.Move, row.Domain, story)))}</tbody>
        </table>
        </div>
        {Unmovable(story.Plan)}
        </section>

        """;

    private static string Legend()
    {
        (string Kind, string Words)[] kinds =
            [("Planned", "planned"), ("Moved", "✓ moved"), ("Stayed", "✗ failed"), ("Migrating", "… migrating"), ("Unseen", "end not observed"), ("Unclear", "? unclear")];
        return $"<p class=\"legend\">{string.Join(' ', kinds.Select(kind => $"<span><svg width=\"28\" height=\"14\" aria-hidden=\"true\"><rect class=\"{kind.Kind}\" x=\"1\" y=\"1\" width=\"26\" height=\"12\" rx=\"2\"/></svg> {kind.Words}</span>"))}</p>";
    }

    private static string Heads(IEnumerable<string> names) => string.Concat(names.Select(name => $"<th scope=\"col\">{name}</th>"));

    private static string Row(PlannedMove move, EvacuatedDomain? domain, EvacuationStory story)
    {
        var planned = $"at {(move.Start > TimeSpan.Zero ? $"{new Duration(move.Start)}" : "start")}, for {new Duration(move.Time)}";
        string[] cells = domain is null
            ? [planned, $"{new ByteSize(move.Bytes)}", $"{EvacuationStory.RateOf(move)}", string.Join(", ", move.Alternatives.DefaultIfEmpty("none"))]
            : [planned, ByteSize.Format(domain.Transferred), domain.Downtime is { } downtime ? $"{new Duration(downtime)}" : ""];
        string[] all = [move.Source, domain?.Destination ?? move.Destination, move.Wave.ToString(CultureInfo.InvariantCulture), .. cells];
        return $"<tr><th scope=\"row\">{Page.Text(move.Domain.Name)}</th>{string.Concat(all.Select(cell => $"<td>{Page.Text(cell)}</td>"))}{(domain is null ? "" : $"<td>{Outcome(domain, story)}</td>")}</tr>\n";
    }

    private static string Outcome(EvacuatedDomain domain, EvacuationStory story)
    {
        var html = new StringBuilder($"<span class=\"verdict {domain.State}\">{EvacuationWords.Sign(domain.State)}</span>");
        foreach (var attempt in domain.Tries)
            html.Append(CultureInfo.InvariantCulture, $"<br>at {(Duration)TimeSpan.FromSeconds(story.At(attempt.StartTime))}: {Page.Text(EvacuationWords.Of(attempt))}");
        if (domain.Error is { } error && (domain.Tries is not [.., var last] || last.Error != error))
            html.Append("<br>").Append(Page.Text(error));
        return html.ToString();
    }

    private static string Unmovable(EvacuationPlan plan) => plan.Unmovable.Count == 0 ? "" : $"""
        <h3>VMs that cannot move</h3>
        <div class="wide" role="region" aria-label="VMs that cannot move" tabindex="0">
        <table>
        <thead><tr>{Heads(["VM", "Host", "Reason", "Remedy"])}</tr></thead>
        <tbody>
        {string.Concat(plan.Unmovable.Select(stays => $"<tr><th scope=\"row\">{Page.Text(stays.Domain.Name)}</th><td>{Page.Text(stays.Domain.Host)}</td><td>{Page.Text(stays.Reason)}</td><td>{Page.Text(stays.Remedy)}</td></tr>\n"))}</tbody>
        </table>
        </div>
        """;
}
