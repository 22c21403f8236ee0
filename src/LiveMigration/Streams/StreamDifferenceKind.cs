namespace LiveMigration.Streams;

/// <summary>In what two streams differ.</summary>
public enum StreamDifferenceKind
{
    /// <summary>The machine type: QEMU refuses another one.</summary>
    Machine,

    /// <summary>Capabilities that both ends must have.</summary>
    Capabilities,

    /// <summary>The guest's UUID.</summary>
    Uuid,

    /// <summary>The guest's page size, in bytes.</summary>
    PageSize,

    /// <summary>A RAM block's length in bytes, or one stream alone has the block.</summary>
    RamBlock,

    /// <summary>A section that one stream alone has; its version is shown.</summary>
    Section,

    /// <summary>A section's version.</summary>
    Version,

    /// <summary>The length of a section's state in bytes.</summary>
    Length,

    /// <summary>A field that one stream alone has, as the other machine or QEMU writes another format.</summary>
    Field,

    /// <summary>A field's value.</summary>
    Value,

    /// <summary>What is in a RAM block.</summary>
    Memory,
}
