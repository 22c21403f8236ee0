namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>How a saved state is compressed, by a program on QEMU's host.</summary>
public enum StateCompression
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>Zstandard, with all CPUs.</summary>
    Zstd,
}
