namespace LiveMigration.Planning;

/// <summary>How memory pages are compressed on their way.</summary>
public enum MigrationCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary><c>xbzrle</c>: only what changed in a page sent before.</summary>
    Xbzrle,

    /// <summary><c>mt</c>: zlib in several threads; gone from QEMU 9.1 on.</summary>
    Mt,

    /// <summary><c>zlib</c> on each of several connections; libvirt 9.4 on.</summary>
    Zlib,

    /// <summary><c>zstd</c> on each of several connections; libvirt 9.4 on.</summary>
    Zstd,
}
