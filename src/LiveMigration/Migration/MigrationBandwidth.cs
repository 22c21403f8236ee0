namespace LiveMigration.Migration;

/// <summary>What a domain's migration may use of the network, and what it uses now.</summary>
public sealed record MigrationBandwidth
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The limit of memory and disks together, in bytes per second; null when there is no limit.</summary>
    public required long? Limit { get; init; }

    /// <summary>
    /// The limit of the memory stream after a switch to post-copy, in bytes per second; null when there is no limit, or when
    /// <see cref="CanLimitPostCopy"/> is false.
    /// </summary>
    public long? PostCopyLimit { get; init; }

    /// <summary>Whether the host has a limit for post-copy: libvirt has since 5.1, and QEMU needs post-copy.</summary>
    public bool CanLimitPostCopy { get; init; }

    /// <summary>What memory uses now, in bytes per second; null when nothing migrates.</summary>
    public long? MemoryRate { get; init; }

    /// <summary>What the disks use now, in bytes per second; null when none is copied.</summary>
    public long? DiskRate { get; init; }
}
