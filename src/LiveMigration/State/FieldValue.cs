namespace LiveMigration.State;

/// <summary>What a field of a record holds: text, a whole number, true, or a list of texts. A field that holds nothing is left out.</summary>
internal readonly struct FieldValue
{
    private FieldValue(object? value) => Value = value;

    /// <summary>A <see cref="string"/>, a <see cref="long"/>, true, an array of texts, or null.</summary>
    internal object? Value { get; }

    public static implicit operator FieldValue(string? text) => new(text);

    public static implicit operator FieldValue(long? number) => new(number);

    public static implicit operator FieldValue(Guid? id) => new(id?.ToString());

    /// <summary>False is a field that is left out.</summary>
    public static implicit operator FieldValue(bool flag) => new(flag ? true : null);

    internal static FieldValue List(IEnumerable<string> items) => new(items.ToArray());
}
