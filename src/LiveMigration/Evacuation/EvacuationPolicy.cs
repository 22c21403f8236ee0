using LiveMigration.Domains;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>How the domains migrate, and what happens when something goes wrong or takes too long.</summary>
public sealed record EvacuationPolicy
{
    /// <summary>What happens when a migration fails.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>How often each domain is attempted.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>After this many domains could not be moved, no further migration starts; null is never.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>How many domains, the smallest ones, have to arrive before the others start; if one of them fails, no further migration starts.</summary>
    public int Canary { get; init; }

    /// <summary>When the hosts should be empty; null is never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What happens to those that would not complete by then.</summary>
    public OnDeadline OnDeadline { get; init; }

    /// <summary>Slow guests down that change memory faster than it can be sent.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>Switch guests that do not converge to post-copy.</summary>
    public bool PostCopy { get; init; }

    /// <summary>The maximum downtime of a guest, after it was tried with less; null is what the domain is set to.</summary>
    public Duration? MaxDowntime { get; init; }

    /// <summary>
    /// How memory is compressed: <see cref="MigrationCompression.None"/> or <see cref="MigrationCompression.Xbzrle"/>; null is
    /// xbzrle for what passes a narrow link.
    /// </summary>
    public MigrationCompression? Compression { get; init; }

    /// <summary>Whether disks are copied; null finds out.</summary>
    public CopyStorage? CopyStorage { get; init; }

    /// <summary>
    /// Disks of which the user says that all hosts reach the same data: <c>vdb</c> of every domain that has one, or <c>web1/vdb</c>. Believed where
    /// nothing proves the contrary.
    /// </summary>
    public IReadOnlyList<string> AssumeShared { get; init; } = [];

    /// <summary>Disks whose internal snapshots may be lost when their VM comes back, named in the same way.</summary>
    public IReadOnlyList<string> AllowLosingSnapshots { get; init; } = [];

    /// <summary>How long a destination may prepare before data moves.</summary>
    public Duration PrepareTimeout { get; init; } = MigrationOptions.Default.PrepareTimeout;

    /// <summary>Migrate although libvirt considers the disks or their cache mode unsafe.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Whether the traffic is encrypted.</summary>
    public MigrationTls Tls { get; init; }

    /// <summary>The readiness checks to skip, by id, with wildcards.</summary>
    public IReadOnlyList<string> SkipReadiness { get; init; } = [];

    /// <summary>What is said of the disks of one domain, which need not have all that are named.</summary>
    internal MigrationOptions For(LibvirtDomain domain, MigrationOptions options) => AssumeShared.Count + AllowLosingSnapshots.Count == 0 ? options : options with
    {
        Storage = options.Storage with { AssumeShared = Named(domain, AssumeShared), AllowLosingSnapshots = Named(domain, AllowLosingSnapshots) },
    };

    private static IReadOnlyList<string> Named(LibvirtDomain domain, IReadOnlyList<string> names) =>
        [.. domain.Disks.Select(disk => disk.Target).Where(disk => names.Contains(disk) || names.Contains($"{domain.Name}/{disk}"))];

    /// <summary>How one domain migrates.</summary>
    public MigrationOptions Migration => new()
    {
        AutoConverge = AutoConverge,
        PostCopy = PostCopy || (Deadline is not null && OnDeadline is OnDeadline.PostCopy),
        MaxDowntime = MaxDowntime,
        Compression = Compression ?? MigrationCompression.None,
        PrepareTimeout = PrepareTimeout,
        AllowUnsafe = AllowUnsafe,
        Tls = Tls,
        Storage = new StorageOptions { Copy = CopyStorage, IsForMany = true },
    };
}
