namespace LiveMigration.Storage;

/// <summary>How a backing file is compared with that of the destination before it is relied on.</summary>
public enum BaseCheck
{
    /// <summary>Size, format, the first MiB, and samples all over the file.</summary>
    Sampled,

    /// <summary>Every byte: both files are read whole, through this client.</summary>
    Full,
}
