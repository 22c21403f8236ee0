using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>What a domain's migration may use of the network, and what it uses now.</summary>
public sealed record MigrationBandwidth
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The limit of memory and disks together.</summary>
    public required Bandwidth Limit { get; init; }

    /// <summary>The limit of the memory stream after a switch to post-copy; null where the host does not tell.</summary>
    public Bandwidth? PostCopyLimit { get; init; }

    /// <summary>What memory uses now; null when nothing migrates.</summary>
    public Bandwidth? MemoryRate { get; init; }

    /// <summary>What the disks use now; null when none is copied.</summary>
    public Bandwidth? DiskRate { get; init; }
}
