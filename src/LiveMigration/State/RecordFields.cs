namespace LiveMigration.State;

/// <summary>The fields of a record by name, in the order in which they were written.</summary>
internal sealed class RecordFields
{
    private readonly (string Name, FieldValue Value)[] _fields;

    internal RecordFields(IEnumerable<(string Name, FieldValue Value)> fields) => _fields = [.. fields.Where(field => field.Value.Value is not null)];

    internal IEnumerable<(string Name, FieldValue Value)> All => _fields;

    /// <summary>A text; null where there is none of that name.</summary>
    internal string? this[string name] => Find(name) as string;

    /// <summary>A whole number; null where there is none of that name.</summary>
    internal long? Number(string name) => Find(name) as long?;

    internal bool Flag(string name) => Find(name) is true;

    /// <summary>A UUID; null where there is none of that name.</summary>
    internal Guid? Id(string name) => Guid.TryParse(this[name], out var id) ? id : null;

    /// <summary>The items of a list; none where there is no list of that name.</summary>
    internal IReadOnlyList<string> Items(string name) => Find(name) as string[] ?? [];

    private object? Find(string name) => Array.Find(_fields, field => field.Name == name).Value.Value;
}
