using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Spans with a rate each → what they come to together, from step to step.</summary>
internal sealed class RateSteps
{
    internal RateSteps(IEnumerable<(double From, double To, Bandwidth? Rate)> spans)
    {
        var changes = spans.Where(span => span.Rate is not null)
            .SelectMany(span => new[] { (At: span.From, Change: (double)span.Rate!.Value.BytesPerSecond), (At: span.To, Change: -(double)span.Rate!.Value.BytesPerSecond) })
            .GroupBy(change => change.At).OrderBy(group => group.Key);
        var rate = 0.0;
        // What rounding leaves is nothing.
        Steps = [.. changes.Select(group => (group.Key, rate = Math.Max(0, rate + group.Sum(change => change.Change)) is var sum && sum < 1 ? 0 : sum))];
    }

    internal IReadOnlyList<(double Second, double Rate)> Steps { get; }

    internal bool IsEmpty => Steps.Count == 0;

    internal double Peak => Steps.Select(step => step.Rate).DefaultIfEmpty().Max();

    /// <summary>What went from the first begin to the last end, in a second.</summary>
    internal double Mean => Steps.Count < 2 ? 0
        : Steps.Zip(Steps.Skip(1), (from, to) => from.Rate * (to.Second - from.Second)).Sum() / (Steps[^1].Second - Steps[0].Second);
}
