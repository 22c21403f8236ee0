using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>A migration that is planned and not started.</summary>
public sealed record MigrationPlan
{
    /// <summary>Of a limit, so much is as good as all.</summary>
    private const double Most = 0.9;

    /// <summary>The domain on the source.</summary>
    public required LibvirtDomain Domain { get; init; }

    /// <summary>Where it is.</summary>
    public LibvirtHost Source => Domain.Host;

    /// <summary>The destination.</summary>
    public required LibvirtHost Destination { get; init; }

    /// <summary>The requested options.</summary>
    public required MigrationOptions Options { get; init; }

    /// <summary>Who controls the migration at first.</summary>
    public required MigrationMode Mode { get; init; }

    /// <summary>Whether, when the source cannot reach the destination, this client may control it instead.</summary>
    public required bool MayFallBack { get; init; }

    /// <summary>The destination's URI for the source's daemon; null when this client controls the migration.</summary>
    public string? PeerUri { get; init; }

    /// <summary>What happens to each disk.</summary>
    public IReadOnlyList<DiskMove> Disks { get; init; } = [];

    /// <summary>Messages for the user before the migration.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>Whether memory and disks are to be encrypted.</summary>
    public bool Encrypted => Flags.HasFlag(MigrateFlags.Tls);

    /// <summary>Whether, when a host has no certificates, they may travel in the clear.</summary>
    internal bool MayGoUnencrypted => Encrypted && Options.Tls is MigrationTls.Preferred;

    /// <summary>What the disks' moves were planned from.</summary>
    internal IReadOnlyList<DiskFacts> DiskFacts { get; init; } = [];

    /// <summary>The destination's UUID, by whatever name and way it is connected; null where its driver reports none.</summary>
    internal Guid? DestinationUuid { get; init; }

    /// <summary>Memory of the guest in huge pages, in bytes by the size of the page in KiB; null where it is in ordinary pages.</summary>
    internal IReadOnlyDictionary<uint, long>? HugePages { get; init; }

    internal MigrateFlags Flags { get; init; }

    internal IReadOnlyDictionary<string, object> Parameters { get; init; } = new Dictionary<string, object>();

    /// <summary>Whether it begins with a small share of the bandwidth, and gets the rest when those before it have ended: how long it takes depends on them.</summary>
    internal bool WaitsForLink { get; init; }

    /// <summary>The name that the domain will have.</summary>
    public string FinalName => Options.NewName ?? Domain.Name;

    /// <summary>The same with another limit of memory and disks together.</summary>
    internal MigrationPlan Within(Bandwidth limit) => this with
    {
        WaitsForLink = Options.Bandwidth is { } whole && limit.BytesPerSecond < Most * whole.BytesPerSecond,
        Options = Options with { Bandwidth = limit },
        Parameters = new Dictionary<string, object>(Parameters) { ["bandwidth"] = DiskParameters.Share(limit, Disks).MebibytesPerSecond },
    };

    /// <summary>Who steers and why, in one sentence.</summary>
    internal string WhyMode => (Mode, Options.Mode) switch
    {
        (MigrationMode.PeerToPeer, MigrationMode.Auto) => $"{Source.Name} migrates to {PeerUri} (PeerToPeer); if it cannot connect there, this client controls the migration instead (Direct).",
        (MigrationMode.PeerToPeer, _) => $"{Source.Name} migrates to {PeerUri} (PeerToPeer), as requested.",
        (_, MigrationMode.Auto) => $"This client controls the migration (Direct), because {Source.Name} has no way to connect to {Destination.Name} ({Destination.Uri}).",
        _ => "This client controls the migration (Direct), as requested.",
    };

    /// <summary>What would happen, in one sentence.</summary>
    public override string ToString()
    {
        var how = Options.Offline ? "Move the definition of" : "Live-migrate";
        var name = Options.NewName is null ? "" : $" under the name '{Options.NewName}'";
        var kept = Options.KeepSource || !Domain.Persistent ? "" : ", and remove the definition from the source";
        var tls = Options.Offline ? "" : MayGoUnencrypted ? ", encrypted if both hosts support it" : Encrypted ? ", encrypted" : ", unencrypted";
        var disks = string.Concat(Disks.Select(disk => $"; {disk}"));
        return $"{how} '{Domain.Name}' from {Source.Name} to {Destination.Name}{name} ({Mode}{tls}){kept}{disks}";
    }
}
