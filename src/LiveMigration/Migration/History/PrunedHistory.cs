using LiveMigration.State;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.History;

/// <summary>
/// The totals of months that are no longer in the history, so that what counts all migrations never goes back. A month's totals are written before
/// the month is removed; where both are there, the month itself counts.
/// </summary>
/// <param name="state">The state folder.</param>
internal sealed class PrunedHistory(StateStore state)
{
    private const string Id = "history";

    private readonly LogFolder _logs = state.Logs("totals", "total");

    /// <summary>Writes a month down.</summary>
    /// <returns>Whether it was: another process may write just now.</returns>
    internal bool TryAdd(string month, MetricTotals totals)
    {
        using var log = _logs.TryOpen(Id);
        log?.Append([("month", month), ("series", FieldValue.List(totals.Write()))]);
        return log is not null;
    }

    /// <summary>The totals of all months but some. Of one that was written down twice the last record counts.</summary>
    internal MetricTotals Read(IReadOnlySet<string> but)
    {
        var months = new Dictionary<string, MetricTotals>();
        foreach (var fields in Records().Select(record => record.Fields))
        {
            if (fields["month"] is { } month && !but.Contains(month))
                months[month] = MetricTotals.Read(fields.Items("series"));
        }

        var totals = new MetricTotals();
        foreach (var month in months.Values)
            totals.Add(month);
        return totals;
    }

    private IReadOnlyList<StateRecord> Records() => _logs.Ids.Contains(Id) ? _logs.Read(Id).Records : [];
}
