namespace LiveMigration.Streams;

/// <summary>What is to be read of a stream, beside what it consists of.</summary>
public sealed record StreamReading
{
    /// <summary>Bytes in front of the stream in its file, 0 or more: QEMU's <c>file:…,offset=</c>.</summary>
    public long Offset { get; init; }

    /// <summary>The folder that gets the guest's RAM, a file for each block; null for none.</summary>
    public string? MemoryFolder { get; init; }

    /// <summary>Whether files in that folder may be replaced.</summary>
    public bool ReplaceMemory { get; init; }

    /// <summary>The devices whose fields are read; null for none.</summary>
    public Predicate<StreamSection>? FieldsOf { get; init; }
}
