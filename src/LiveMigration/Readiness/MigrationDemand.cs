using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Readiness;

/// <summary>What the asked-for migration demands of hosts and VM.</summary>
internal sealed record MigrationDemand
{
    internal static readonly MigrationDemand Default = new();

    /// <summary>Only the definition of a VM that does not run.</summary>
    internal bool Offline { get; init; }

    /// <summary>Whether this client steers, so that the source need not reach the destination's daemon.</summary>
    internal bool Direct { get; init; }

    /// <summary>The destination's URI for the source's daemon; null when this client controls the migration.</summary>
    internal string? PeerUri { get; init; }

    internal string? MigrationUri { get; init; }

    internal string? ListenAddress { get; init; }

    internal string? NewName { get; init; }

    internal bool KeepSource { get; init; }

    internal MigrationTls Tls { get; init; }

    /// <summary>The name that the destination's certificate must have; null for its address.</summary>
    internal string? TlsName { get; init; }

    internal bool AllowUnsafe { get; init; }

    internal bool AllowMemoryOvercommit { get; init; }

    internal StorageOptions Storage { get; init; } = StorageOptions.Default;

    internal DiskPlaces Places { get; init; } = DiskPlaces.Unchanged;

    internal bool PostCopy { get; init; }

    /// <summary>The guest is slowed down until it can be followed.</summary>
    internal bool AutoConverge { get; init; }

    /// <summary>The limit of the stream; null for none.</summary>
    internal Bandwidth? Bandwidth { get; init; }

    /// <summary>After this long it is not what was asked for any more; null for never.</summary>
    internal Duration? Timeout { get; init; }

    internal int? Parallel { get; init; }

    internal bool ZeroCopy { get; init; }

    /// <summary>libvirt's word for the compression; null for none.</summary>
    internal string? Compression { get; init; }

    /// <summary>Whether the user gave the definition for the destination, which stays as it is.</summary>
    internal bool DefinitionIsGiven { get; init; }

    /// <summary>Makes the definition for the destination of the VM's own.</summary>
    internal Func<string, string> Rewrite { get; init; } = xml => xml;
}
