using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Journals;

/// <summary>A line of an evacuation's journal: when, what, and about what. docs/JOURNAL.md describes the format.</summary>
internal sealed record JournalStep(DateTimeOffset Time, string Kind, IReadOnlyDictionary<string, string> Fields)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    internal string? this[string field] => Fields.GetValueOrDefault(field);

    internal Guid Vm => Guid.Parse(Fields["vm"]);

    /// <summary>A step that is taken now. Fields without a value are left out.</summary>
    internal static JournalStep Now(string kind, params (string Name, string? Value)[] fields) =>
        new(DateTimeOffset.UtcNow, kind, fields.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!));

    internal static JournalStep Parse(string line)
    {
        var words = line.Split(' ');
        return new JournalStep(
            DateTimeOffset.ParseExact(words[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            words[1],
            words.Skip(2).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1])));
    }

    internal static string List(IEnumerable<string> items) => string.Join(',', items.Select(Uri.EscapeDataString));

    internal IReadOnlyList<string> Items(string field) => this[field] is { Length: > 0 } list ? list.Split(',').Select(Uri.UnescapeDataString).ToArray() : [];

    internal long? Number(string field) => this[field] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A rate in bytes per second. Earlier versions wrote "unlimited" as the largest number of 64 bits without a sign.</summary>
    internal static Bandwidth Rate(string text) => Bandwidth.FromBytes((long)Math.Min(ulong.Parse(text, CultureInfo.InvariantCulture), long.MaxValue));

    public override string ToString() =>
        string.Join(' ', [Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), Kind, .. Fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}")]);
}
