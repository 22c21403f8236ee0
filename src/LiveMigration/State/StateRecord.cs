namespace LiveMigration.State;

/// <summary>Something that a process wrote down.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Time">When it was written, to the millisecond.</param>
/// <param name="Writer">Who wrote it.</param>
/// <param name="Fields">What it says.</param>
internal sealed record StateRecord(string Kind, DateTimeOffset Time, RecordWriter Writer, RecordFields Fields)
{
    /// <summary>Identifies a record that has a file of its own; null in a log.</summary>
    internal Guid? Key { get; init; }
}
