using System.Globalization;
using System.Text;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;
using static LiveMigration.PowerShell.Reports.TimeAxis;

namespace LiveMigration.PowerShell.Reports;

/// <summary>A lane for what each host sends, for what it gets, and for each named link: planned as a line, what was as an area, each below the limit.</summary>
internal sealed class LinkChart(EvacuationStory story)
{
    private const double LaneHeight = 62;
    private const double Plot = 40;

    private readonly Dictionary<(Guid, string), IReadOnlyList<FleetLink>> _between = [];
    private readonly TimeAxis _axis = new(story.Seconds);

    internal string Draw()
    {
        Lane[] lanes = [.. story.Plan.Hosts.SelectMany(host => new[] { Of(host, sends: true), Of(host, sends: false) })
            .Concat(story.Plan.Description.Links.Select(Of)).Where(lane => !lane.Planned.IsEmpty || !lane.Real.IsEmpty)];
        var most = lanes.Select(lane => Math.Max(Math.Max(lane.Planned.Peak, lane.Real.Peak), lane.Limit.IsUnlimited ? 0 : lane.Limit.BytesPerSecond)).Append(1).Max();
        var bottom = 22 + lanes.Length * LaneHeight;
        var svg = new StringBuilder();
        foreach (var (x, text) in _axis.Marks())
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Number(x)}" x2="{Number(x)}" y1="22" y2="{Number(bottom)}"/><text class="mark" x="{Number(x)}" y="14">{text}</text>""");
        for (var at = 0; at < lanes.Length; at++)
            Draw(svg, lanes[at], 22 + (at + 1) * LaneHeight - 6, most);
        return $"""
            <svg class="chart" viewBox="0 0 {Width} {Number(bottom + 4)}" role="img" aria-label="Traffic on each host's link: planned and actual rates over time, with their averages.">
            {svg}</svg>
            """;
    }

    private void Draw(StringBuilder svg, Lane lane, double bottom, double most)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text class="name" x="8" y="{Number(bottom - 34)}">{Page.Text(lane.Name)}</text>
            <text class="way" x="8" y="{Number(bottom - 19)}">planned: {Rate(lane.Planned.Mean)}</text>
            <line class="rule" x1="{Left}" x2="{Right}" y1="{Number(bottom)}" y2="{Number(bottom)}"/>

            """);
        if (lane.Limit is { IsUnlimited: false } limit)
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="limit" x1="{Left}" x2="{Right}" y1="{Number(Y(limit.BytesPerSecond))}" y2="{Number(Y(limit.BytesPerSecond))}"><title>Limit: {limit}.</title></line>""");
        if (!lane.Real.IsEmpty)
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="real" d="{Path(lane.Real)}"/><text class="way" x="8" y="{Number(bottom - 5)}">actual: {Rate(lane.Real.Mean)}</text>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<path class="planned" d="{Path(lane.Planned)}"/>""").Append('\n');

        double Y(double rate) => bottom - Plot * rate / most;

        string Path(RateSteps steps) =>
            $"M{Left} {Number(bottom)}" + string.Concat(steps.Steps.Select(step => $"H{Number(_axis.X(step.Second))}V{Number(Y(step.Rate))}")) + $"H{Right}V{Number(bottom)}";
    }

    private Lane Of(string host, bool sends) => new(
        $"{host} {(sends ? "sends" : "gets")}",
        new RateSteps(story.Plan.Moves.Where(move => (sends ? move.Source : move.Destination) == host).Select(Planned)),
        new RateSteps((story.Run?.Domains ?? []).SelectMany(domain => domain.Tries.Where(attempt => (sends ? domain.Source : attempt.Destination) == host))
            .Select(Real).OfType<(double, double, Bandwidth?)>()),
        story.Plan.Options.Bandwidth);

    private Lane Of(FleetLink link)
    {
        var known = story.Plan.Moves.ToDictionary(move => move.Domain.Uuid, move => move.Domain);
        return new Lane(
            link.Name,
            new RateSteps(story.Plan.Moves.Where(move => Passes(move.Domain, move.Destination)).Select(Planned)),
            new RateSteps((story.Run?.Domains ?? []).SelectMany(domain => domain.Tries.Where(attempt => known.TryGetValue(domain.Uuid, out var moving) && Passes(moving, attempt.Destination)))
                .Select(Real).OfType<(double, double, Bandwidth?)>()),
            link.Bandwidth);

        bool Passes(FleetDomain domain, string destination) => Between(domain, destination).Contains(link);
    }

    private IReadOnlyList<FleetLink> Between(FleetDomain domain, string destination) =>
        _between.TryGetValue((domain.Uuid, destination), out var links) ? links : _between[(domain.Uuid, destination)] = story.Plan.LinksBetween(domain, destination);

    private static (double From, double To, Bandwidth? Rate) Planned(PlannedMove move) => (move.Start.TotalSeconds, move.End.TotalSeconds, EvacuationStory.RateOf(move));

    private (double From, double To, Bandwidth? Rate)? Real(EvacuationAttempt attempt) =>
        attempt.EndTime is null ? null : (story.At(attempt.StartTime), story.EndOf(attempt), attempt.Rate is { } rate ? Bandwidth.FromBytes(rate) : null);

    private static string Rate(double rate) => $"{Bandwidth.FromBytes((long)rate)}";

    private sealed record Lane(string Name, RateSteps Planned, RateSteps Real, Bandwidth Limit);
}
