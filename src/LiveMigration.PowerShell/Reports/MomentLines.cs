using static LiveMigration.PowerShell.Reports.TimeAxis;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Lines across all rows, each with its name below; names that would meet stand one below the other.</summary>
internal sealed class MomentLines
{
    private readonly List<(double X, string Name, int Lane)> _lines = [];
    private readonly double _laneHeight;

    internal MomentLines(IEnumerable<(double X, string Name)> moments, double laneHeight)
    {
        _laneHeight = laneHeight;
        var ends = new List<double>();
        foreach (var (x, name) in moments.OrderBy(moment => moment.X))
        {
            var (from, to) = (x - name.Length * 3.4, x + name.Length * 3.4);
            var lane = ends.FindIndex(end => end < from);
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(0);
            }

            ends[lane] = to + 6;
            _lines.Add((x, name, lane));
        }

        Lanes = ends.Count;
    }

    internal int Lanes { get; }

    internal string Draw(double top, double bottom) => string.Concat(_lines.Select(line =>
        $"""<line class="moment" x1="{Number(line.X)}" x2="{Number(line.X)}" y1="{Number(top)}" y2="{Number(bottom + 2 + line.Lane * _laneHeight)}"/><text class="mark" x="{Number(Math.Min(line.X, Width - line.Name.Length * 3.4))}" y="{Number(bottom + 13 + line.Lane * _laneHeight)}">{line.Name}</text>"""));
}
