using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Qemu;

/// <summary>A migration between two QEMUs without libvirt, thought through.</summary>
public sealed record QemuMigrationPlan
{
    /// <summary>The QEMU that the guest leaves.</summary>
    public required QemuProcess Source { get; init; }

    /// <summary>The QEMU that it goes to.</summary>
    public required QemuProcess Destination { get; init; }

    /// <summary>The requested options.</summary>
    public required MigrationOptions Options { get; init; }

    /// <summary>Where the destination listens, in QEMU's words; null where it listens already.</summary>
    public required string? IncomingUri { get; init; }

    /// <summary>Where the source sends, in QEMU's words; a port of 0 is the one that the destination is given.</summary>
    public required string Uri { get; init; }

    /// <summary>What is switched on and off in the source.</summary>
    internal IReadOnlyDictionary<string, bool> SourceCapabilities { get; init; } = new Dictionary<string, bool>();

    internal IReadOnlyDictionary<string, bool> DestinationCapabilities { get; init; } = new Dictionary<string, bool>();

    internal IReadOnlyDictionary<string, object> SourceParameters { get; init; } = new Dictionary<string, object>();

    internal IReadOnlyDictionary<string, object> DestinationParameters { get; init; } = new Dictionary<string, object>();

    /// <summary>The folder of the certificates on both hosts; null for an unencrypted migration.</summary>
    public string? TlsFolder { get; init; }

    /// <summary>The disks that are copied along.</summary>
    public IReadOnlyList<QemuDiskCopy> Copies { get; init; } = [];

    /// <summary>Messages for the user.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>What the source said of itself when this was planned: later it says what the migration made of it.</summary>
    internal QemuFacts Before { get; init; } = new();

    /// <summary>What proves that the destination has read this migration; null where a connection does.</summary>
    internal QemuStreamNonce? Nonce { get; init; }

    /// <summary>Whether the guest's CPUs ran when this was planned.</summary>
    internal bool Executes => Before.IsRunning;

    /// <summary>Bytes of the disks that are copied: whole, or what the topmost image takes on its disk.</summary>
    internal long DiskBytes => Copies.Sum(copy => (copy.IsAboveBase ? copy.Source.ActualSize : copy.Source.Size) ?? 0);

    /// <summary>The source in messages.</summary>
    internal string SourceName => Source.PlaceBeside(Destination);

    /// <summary>The destination in messages.</summary>
    internal string DestinationName => Destination.PlaceBeside(Source);

    /// <summary>For example <c>Migrate 'vm1' from unix:/run/a.qmp to unix:/run/b.qmp</c>.</summary>
    public override string ToString() =>
        $"Migrate '{Source.Name}' from {SourceName} to {DestinationName}{(Copies.Count == 0 ? "" : $", and overwrite {string.Join(", ", Copies)}")}";
}
