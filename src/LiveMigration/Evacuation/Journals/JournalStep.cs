using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>A step of an evacuation. docs/JOURNAL.md lists them.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Time">When it was written; a step that is not written yet has none.</param>
/// <param name="Fields">About what.</param>
internal sealed record JournalStep(string Kind, DateTimeOffset Time, RecordFields Fields)
{
    internal string? this[string field] => Fields[field];

    internal Guid Vm => Fields.Id("vm") ?? throw new FormatException($"a step '{Kind}' has no VM");

    /// <summary>A step to be written. Fields without a value are left out.</summary>
    internal static JournalStep Of(string kind, params (string Name, FieldValue Value)[] fields) => new(kind, default, new RecordFields(fields));

    internal static JournalStep Read(StateRecord record) => new(record.Fields["step"] ?? throw new FormatException("a record has no step"), record.Time, record.Fields);

    /// <summary>The fields of its record.</summary>
    internal (string Name, FieldValue Value)[] Write() => [("step", Kind), .. Fields.All];

    internal IReadOnlyList<string> Items(string field) => Fields.Items(field);

    internal long? Number(string field) => Fields.Number(field);

    internal bool Flag(string field) => Fields.Flag(field);
}
