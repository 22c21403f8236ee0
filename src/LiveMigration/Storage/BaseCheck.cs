namespace LiveMigration.Storage;

/// <summary>How a backing file is compared with that of the destination before it is relied on.</summary>
public enum BaseCheck
{
    /// <summary>Every byte: both files are read whole, through this client. Samples come first, so that a difference is mostly found soon.</summary>
    Full,

    /// <summary>Size, format, the first MiB, and samples all over the file: 3 MiB in all. Two builds of one template can look the same.</summary>
    Sampled,
}
