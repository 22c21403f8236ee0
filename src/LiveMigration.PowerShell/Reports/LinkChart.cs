using System.Globalization;
using System.Text;
using LiveMigration.Units;
using static LiveMigration.PowerShell.Reports.TimeAxis;

namespace LiveMigration.PowerShell.Reports;

/// <summary>A lane for what each host sends and for what it gets: planned as a line, what was as an area, each below the link's limit.</summary>
internal sealed class LinkChart(EvacuationStory story)
{
    private const double LaneHeight = 62;
    private const double Plot = 40;

    private readonly TimeAxis _axis = new(story.Seconds);

    internal string Draw()
    {
        Lane[] lanes = [.. story.Plan.Hosts.SelectMany(host => new[] { Of(host, sends: true), Of(host, sends: false) }).Where(lane => !lane.Planned.IsEmpty || !lane.Real.IsEmpty)];
        var limit = story.Plan.Options.Bandwidth;
        var most = Math.Max(1, lanes.Select(lane => Math.Max(lane.Planned.Peak, lane.Real.Peak)).Append(limit.IsUnlimited ? 0 : limit.BytesPerSecond).Max());
        var bottom = 22 + lanes.Length * LaneHeight;
        var svg = new StringBuilder();
        foreach (var (x, text) in _axis.Marks())
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Number(x)}" x2="{Number(x)}" y1="22" y2="{Number(bottom)}"/><text class="mark" x="{Number(x)}" y="14">{text}</text>""");
        for (var at = 0; at < lanes.Length; at++)
            Draw(svg, lanes[at], 22 + (at + 1) * LaneHeight - 6, limit, most);
        return $"""
            <svg class="chart" viewBox="0 0 {Width} {Number(bottom + 4)}" role="img" aria-label="What each host's link carries: planned and real rates over time. The averages are written beside them.">
            {svg}</svg>
            """;
    }

    private void Draw(StringBuilder svg, Lane lane, double bottom, Bandwidth limit, double most)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text class="name" x="8" y="{Number(bottom - 34)}">{Page.Text(lane.Name)}</text>
            <text class="way" x="8" y="{Number(bottom - 19)}">planned: {Rate(lane.Planned.Mean)}</text>
            <line class="rule" x1="{Left}" x2="{Right}" y1="{Number(bottom)}" y2="{Number(bottom)}"/>

            """);
        if (!limit.IsUnlimited)
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="limit" x1="{Left}" x2="{Right}" y1="{Number(Y(limit.BytesPerSecond))}" y2="{Number(Y(limit.BytesPerSecond))}"><title>The limit: {limit}.</title></line>""");
        if (!lane.Real.IsEmpty)
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="real" d="{Path(lane.Real)}"/><text class="way" x="8" y="{Number(bottom - 5)}">was: {Rate(lane.Real.Mean)}</text>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<path class="planned" d="{Path(lane.Planned)}"/>""").Append('\n');

        double Y(double rate) => bottom - Plot * rate / most;

        string Path(RateSteps steps) =>
            $"M{Left} {Number(bottom)}" + string.Concat(steps.Steps.Select(step => $"H{Number(_axis.X(step.Second))}V{Number(Y(step.Rate))}")) + $"H{Right}V{Number(bottom)}";
    }

    private Lane Of(string host, bool sends) => new(
        $"{host} {(sends ? "sends" : "gets")}",
        new RateSteps(story.Plan.Moves.Where(move => (sends ? move.Source : move.Destination) == host)
            .Select(move => (move.Start.Value.TotalSeconds, move.End.Value.TotalSeconds, EvacuationStory.RateOf(move)))),
        new RateSteps((story.Run?.Domains ?? []).SelectMany(domain => domain.Tries.Where(attempt => (sends ? domain.Source : attempt.Destination) == host))
            .Where(attempt => attempt.EndTime is not null)
            .Select(attempt => (story.At(attempt.StartTime), story.EndOf(attempt), attempt.Rate))));

    private static string Rate(double rate) => $"{new Bandwidth((ulong)rate)}";

    private sealed record Lane(string Name, RateSteps Planned, RateSteps Real);
}
