using System.Globalization;
using LiveMigration.Forecasting;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Migration.History;

/// <summary>
/// The migrations that have ended, whichever process of the user carried them out or watched them. They are in one log per month, and <see cref="Retention"/> says for how
/// long (docs/STATE.md).
/// </summary>
public sealed class MigrationHistory
{
    private const string MonthFormat = "yyyy-MM";

    /// <summary>So many months before this one stay, however large they are: forecasts learn from the last 90 days.</summary>
    private const int NeededMonths = 3;

    /// <summary>How often a log is tried that another process writes just now.</summary>
    private const int Tries = 5;

    /// <summary>What two processes of one migration may differ about its time.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);

    /// <summary>Where the state folder does not answer, a migration has ended all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>One at a time in this process: the file's lock is for others.</summary>
    private static readonly object Gate = new();

    private readonly StateStore _state;
    private readonly LogFolder _logs;
    private readonly PrunedHistory _pruned;

    /// <summary>The history in a state folder.</summary>
    /// <param name="state">The state folder.</param>
    public MigrationHistory(StateStore state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_state, _logs, _pruned) = (state, state.Logs("history", "migration"), new PrunedHistory(state));
    }

    /// <summary>The migrations, those that ended first before others. What cannot be read is left out.</summary>
    /// <param name="after">Only those that started then or later; null for all.</param>
    public IReadOnlyList<MigrationRecord> Read(DateTimeOffset? after = null) => Distinct(ReadAll(after).Records);

    /// <summary>All migrations that were ever written down, those of removed months included: the sums never become smaller.</summary>
    /// <exception cref="IOException">A month cannot be read: without it the sums would be smaller.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal (IReadOnlyList<MigrationRecord> Records, MetricTotals Totals) Sum()
    {
        // The months first: one that is removed meanwhile has its totals by then.
        var (found, months) = ReadAll(after: null, all: true);
        var records = Distinct(found);
        var totals = _pruned.Read(months);
        totals.Add(MigrationCounting.Of(records, _state.Now));
        return (records, totals);
    }

    private (List<MigrationRecord> Records, HashSet<string> Months) ReadAll(DateTimeOffset? after, bool all = false)
    {
        var (records, months) = (new List<MigrationRecord>(), new HashSet<string>());
        // One is in the month in which it ended.
        var oldest = after?.UtcDateTime.ToString(MonthFormat, CultureInfo.InvariantCulture);
        foreach (var id in _logs.Ids.Where(id => oldest is null || string.CompareOrdinal(id, oldest) >= 0))
        {
            try
            {
                records.AddRange(ReadMonth(id).Where(record => after is null || record.StartTime >= after));
                months.Add(id);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException || (!all && error is (IOException or UnauthorizedAccessException)))
            {
                Tracer.Say($"{_logs.FileOf(id)} is left out: {error.Message}");
            }
        }

        return (records, months);
    }

    private IEnumerable<MigrationRecord> ReadMonth(string month) => _logs.Read(month).Records.Select(Parse).OfType<MigrationRecord>();

    /// <summary>Writes one down, in a limited time. It has ended whether or not that succeeds.</summary>
    internal async Task<string?> TryAddAsync(MigrationResult result, bool isForeign)
    {
        try
        {
            return await Task.Run(() => TryAdd(result, isForeign)).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return $"The migration of '{result.Name}' may be missing from the history: {_state.Folder} does not answer.";
        }
    }

    /// <summary>Writes one down. It has ended whether or not that succeeds.</summary>
    /// <param name="result">The result.</param>
    /// <param name="isForeign">Whether another tool started it.</param>
    /// <returns>Why it could not be written; null where it was.</returns>
    internal string? TryAdd(MigrationResult result, bool isForeign)
    {
        try
        {
            var month = _state.Now.ToString(MonthFormat, CultureInfo.InvariantCulture);
            lock (Gate)
            {
                for (var tries = 0; tries < Tries; tries++)
                {
                    using var log = _logs.TryOpen(month);
                    if (log is null)
                        continue; // That has waited for a second.
                    log.Append(Fields(result, isForeign));
                    return RemoveOld();
                }
            }

            return $"The migration of '{result.Name}' is missing from the history: other processes write to it all the time.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The migration of '{result.Name}' is missing from the history: {error.Message}";
        }
    }

    /// <summary>A migration that one process carried out and others watched is one; what its own process wrote counts before what others saw.</summary>
    internal static IReadOnlyList<MigrationRecord> Distinct(IEnumerable<MigrationRecord> records)
    {
        var kept = new List<MigrationRecord>();
        foreach (var vm in records.GroupBy(record => (record.Uuid, record.Name)))
        {
            var own = vm.Where(record => !record.IsForeign).ToList();
            foreach (var watched in vm.Where(record => record.IsForeign).OrderBy(record => record.StartTime))
            {
                if (!own.Exists(other => AreOne(other, watched)))
                    own.Add(watched);
            }

            kept.AddRange(own);
        }

        return [.. kept.OrderBy(End)];
    }

    /// <summary>Who watches a migration has seen it before it ended, and sees the same end.</summary>
    private static bool AreOne(MigrationRecord one, MigrationRecord watched) =>
        one.StartTime - Around <= watched.StartTime && watched.StartTime <= End(one) && (End(watched) - End(one)).Duration() <= Around;

    private static DateTimeOffset End(MigrationRecord record) => record.StartTime + record.TotalTime;

    /// <summary>A clock that was wrong once must not cost the history: nothing is old beside what is old itself.</summary>
    /// <returns>Why nothing is removed any more; null where that is not so.</returns>
    private string? RemoveOld()
    {
        try
        {
            return RemoveOldMonths();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Old months of the history stay: {error.Message}";
        }
    }

    private string? RemoveOldMonths()
    {
        Retention retention;
        try
        {
            retention = Retention.Read(_state.Folder);
        }
        catch (FormatException error)
        {
            return error.Message;
        }

        var (now, oldest, needed) = (MonthBefore(0), MonthBefore(retention.HistoryMonths), MonthBefore(NeededMonths));
        string[] months = [.. _logs.Ids.Where(id => id != now && DateTime.TryParseExact(id, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))];
        if (!Array.Exists(months, month => string.CompareOrdinal(month, oldest) >= 0))
            return null;
        var size = months.Append(now).Sum(SizeOf);
        foreach (var month in months)
        {
            if (string.CompareOrdinal(month, oldest) >= 0 && (size <= retention.HistorySize || string.CompareOrdinal(month, needed) >= 0))
                break;
            size -= SizeOf(month);
            Remove(month);
        }

        return null;
    }

    /// <summary>Its totals stay.</summary>
    private void Remove(string month)
    {
        try
        {
            if (_pruned.TryAdd(month, MigrationCounting.Of(Distinct(ReadMonth(month)), _state.Now)))
                _logs.Remove(month);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Tracer.Say($"{_logs.FileOf(month)} is no longer needed and stays: {error.Message}");
        }
    }

    private string MonthBefore(int months) => _state.Now.AddMonths(-months).ToString(MonthFormat, CultureInfo.InvariantCulture);

    private long SizeOf(string month) => new FileInfo(_logs.FileOf(month)) is { Exists: true } file ? file.Length : 0;

    private static (string Name, FieldValue Value)[] Fields(MigrationResult result, bool isForeign) =>
    [
        ("vm", result.Name), ("uuid", result.Uuid.ToString()), ("outcome", result.Outcome.ToString()), ("verdict", result.Verdict.ToString()),
        ("from", result.Source), ("to", result.Destination), ("final", result.FinalName), ("mode", result.Mode.ToString()),
        ("start", result.StartTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("time", Milliseconds(result.TotalTime)),
        ("downtime", Milliseconds(result.Downtime)), ("transferred", result.Transferred), ("iterations", (long?)result.Iterations),
        ("postcopy", result.PostCopy), ("encrypted", result.Encrypted switch { true => "yes", false => "no", null => null }),
        ("memory", result.Memory), ("zero", result.ZeroMemory), ("rate", result.LinkRate), ("throttle", (long?)result.Throttle), ("factor", (long?)(100 * result.DirtyFactor)),
        ("passes", result.Passes.Count > 0 ? FieldValue.List(result.Passes.Select(PassText)) : default),
        .. PredictionFields.Of(result.Forecast),
        ("user", $"{Environment.UserName}@{Environment.MachineName}"), ("foreign", isForeign), ("fault", result.Fault?.Id), ("error", result.Error),
    ];

    private static string PassText(DirtyPoint pass) => string.Create(CultureInfo.InvariantCulture, $"{pass.Period.TotalMilliseconds:F0} {pass.Dirtied} {pass.StandardError ?? 0}");

    private static DirtyPoint? Pass(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 3 && RecordBounds.Time(Number(parts[0])) is { Ticks: > 0 } period
            && RecordBounds.Bytes(Number(parts[1])) is { } dirtied && RecordBounds.Bytes(Number(parts[2])) is { } error
            ? new DirtyPoint(period, dirtied, error)
            : null;

        static long? Number(string part) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static long? Milliseconds(TimeSpan? time) => (long?)time?.TotalMilliseconds;

    /// <summary>Null where it is not what this version writes.</summary>
    private static MigrationRecord? Parse(StateRecord record)
    {
        var fields = record.Fields;
        if (fields["vm"] is not { } name || fields["from"] is not { } source || fields.Time("time") is not { } time
            || !Enum.TryParse<MigrationOutcome>(fields["outcome"], out var outcome) || !Enum.TryParse<MigrationVerdict>(fields["verdict"], out var verdict)
            || !DateTimeOffset.TryParse(fields["start"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) || !RecordBounds.IsUsual(start))
            return null;
        return new MigrationRecord
        {
            Name = name,
            Uuid = fields.Id("uuid") ?? Guid.Empty,
            Outcome = outcome,
            Verdict = verdict,
            Source = source,
            Destination = fields["to"],
            FinalName = fields["final"] ?? name,
            Mode = Enum.TryParse<MigrationMode>(fields["mode"], out var mode) ? mode : null,
            StartTime = start.ToLocalTime(),
            TotalTime = time,
            Downtime = fields.Time("downtime"),
            Transferred = fields.Number("transferred"),
            Iterations = (int?)fields.Number("iterations"),
            PostCopy = fields.Flag("postcopy"),
            Encrypted = fields["encrypted"] switch { "yes" => true, "no" => false, _ => null },
            Memory = RecordBounds.Bytes(fields.Number("memory")),
            ZeroMemory = RecordBounds.Bytes(fields.Number("zero")),
            LinkRate = RecordBounds.Bytes(fields.Number("rate")) is > 0 and var rate ? rate : null,
            Throttle = (int?)fields.Number("throttle"),
            DirtyFactor = fields.Number("factor") / 100.0,
            Passes = fields.Items("passes") is { Count: > 0 } passes ? [.. passes.Select(Pass).OfType<DirtyPoint>()] : ItemList<DirtyPoint>.Empty,
            Forecast = PredictionFields.Read(fields),
            User = fields["user"] ?? "",
            IsForeign = fields.Flag("foreign"),
            ErrorId = fields["fault"],
            Error = fields["error"],
        };
    }
}
