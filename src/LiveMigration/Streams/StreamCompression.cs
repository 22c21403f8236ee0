namespace LiveMigration.Streams;

/// <summary>How a stream is compressed as a whole.</summary>
public enum StreamCompression
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>xz.</summary>
    Xz,

    /// <summary>lzop.</summary>
    Lzop,

    /// <summary>Zstandard.</summary>
    Zstd,
}
