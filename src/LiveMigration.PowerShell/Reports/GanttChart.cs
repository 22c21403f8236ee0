using System.Globalization;
using System.Text;
using LiveMigration.Evacuation;
using static LiveMigration.PowerShell.Reports.TimeAxis;

namespace LiveMigration.PowerShell.Reports;

/// <summary>
/// A row for each VM: planned as an outline, each try as a bar. Colour tells nothing that sign, pattern and words do not tell, too.
/// </summary>
internal sealed class GanttChart(EvacuationStory story)
{
    private const double RowHeight = 38;
    private const double WaveHeight = 20;
    private const double LaneHeight = 14;

    private readonly StringBuilder _svg = new();
    private readonly TimeAxis _axis = new(story.Seconds);
    private readonly Dictionary<Guid, double> _rows = [];
    private double _y;

    internal string Draw()
    {
        var moments = Moments();
        var top = _y = 22;
        foreach (var wave in story.Moves.GroupBy(row => row.Move.Wave))
        {
            Add($"""<text class="wave" x="8" y="{Number(_y + 14)}">wave {wave.Key}</text><line class="rule" x1="0" x2="{Width}" y1="{Number(_y)}" y2="{Number(_y)}"/>""");
            _y += WaveHeight;
            foreach (var (move, domain) in wave)
            {
                Row(move, domain);
                _y += RowHeight;
            }
        }

        foreach (var (move, _) in story.Moves)
            After(move);
        var grid = string.Concat(_axis.Marks().Select(mark =>
            $"""<line class="grid" x1="{Number(mark.X)}" x2="{Number(mark.X)}" y1="{Number(top)}" y2="{Number(_y)}"/><text class="mark" x="{Number(mark.X)}" y="14">{mark.Text}</text>"""));
        var height = _y + 6 + moments.Lanes * LaneHeight;
        return $"""
            <svg class="chart" viewBox="0 0 {Width} {Number(height)}" role="img" aria-label="When each VM moves: one row per VM, with its planned time and its attempts. The table below contains the same data.">
            {grid}{moments.Draw(top, _y)}
            {_svg}</svg>
            """;
    }

    private void Row(PlannedMove move, EvacuatedDomain? domain)
    {
        _rows[move.Domain.Uuid] = _y + RowHeight / 2;
        Add($"""<text class="name" x="8" y="{Number(_y + 16)}">{Page.Text(Short(move.Domain.Name))}</text><text class="way" x="8" y="{Number(_y + 30)}">{Page.Text(Short($"{move.Source} → {domain?.Destination ?? move.Destination}"))}</text>""");
        var (from, to) = (move.Start.TotalSeconds, move.End.TotalSeconds);
        if (domain is null)
        {
            Bar("Planned", from, to, 8, 20, $"{EvacuationWords.Planned(move)}.");
            Label(from, to, 22, EvacuationWords.Planned(move));
            return;
        }

        Bar("Planned", from, to, 5, 7, $"Planned: {EvacuationWords.Planned(move)}.");
        foreach (var attempt in domain.Tries)
        {
            var (begin, end) = (story.At(attempt.StartTime), story.EndOf(attempt));
            Bar(attempt.EndTime is null && attempt.State is not EvacuatedState.Migrating ? "Unseen" : $"{attempt.State}", begin, end, 15, 17, $"{EvacuationWords.Of(attempt)}.");
            if (attempt.State is EvacuatedState.Stayed && _axis.X(end) - _axis.X(begin) > 16)
                Add($"""<text class="sign" x="{Number(Math.Max(_axis.X(begin) + 3, _axis.X(end) - 12))}" y="{Number(_y + 28)}">✗</text>""");
        }

        if (domain.Tries is [.., var last])
            Label(story.At(domain.Tries[0].StartTime), story.EndOf(last), 28, EvacuationWords.Short(domain));
        else
            Label(from, to, 28, EvacuationWords.Short(domain));
    }

    private void Bar(string kind, double from, double to, double offset, double height, string words) => Add(
        $"""<rect class="{kind}" x="{Number(_axis.X(from))}" y="{Number(_y + offset)}" width="{Number(Math.Max(2, _axis.X(to) - _axis.X(from)))}" height="{Number(height)}" rx="2"><title>{Page.Text(words)}</title></rect>""");

    /// <summary>After the bar, or else before it, or else within it.</summary>
    private void Label(double from, double to, double offset, string words)
    {
        var (left, right, width) = (_axis.X(from), _axis.X(to), words.Length * 6.4);
        var (x, anchor) = right + 6 + width < Width ? (right + 6, "start") : left - 6 - width > Left ? (left - 6, "end") : (right - 18, "end");
        Add($"""<text class="label" x="{Number(x)}" y="{Number(_y + offset)}" text-anchor="{anchor}">{Page.Text(words)}</text>""");
    }

    /// <summary>A line from the end of each that has to be away before.</summary>
    private void After(PlannedMove move)
    {
        foreach (var before in story.Plan.Moves.Where(other => move.After.Any(domain => domain.Uuid == other.Domain.Uuid)))
        {
            var (x, y) = (_axis.X(before.End.TotalSeconds), _rows[before.Domain.Uuid]);
            Add($"""<path class="after" d="M{Number(x)} {Number(y)}V{Number(_rows[move.Domain.Uuid])}H{Number(_axis.X(move.Start.TotalSeconds))}"><title>{Page.Text($"{move.Domain.Name} takes the space of {before.Domain.Name}.")}</title></path>""");
        }
    }

    private MomentLines Moments() => new([.. story.Moments.Select(moment => (_axis.X(moment.Second), moment.Name))], LaneHeight);

    private void Add(string svg) => _svg.Append(svg).Append('\n');

    private static string Short(string text) => text.Length <= 22 ? text : string.Concat(text.AsSpan(0, 21), "…");
}
