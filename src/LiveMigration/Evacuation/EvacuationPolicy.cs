using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>How the domains migrate, and what is to happen when something goes wrong or takes too long.</summary>
public sealed record EvacuationPolicy
{
    /// <summary>What happens when a migration fails.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>How often a domain is tried altogether.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>After so many domains that could not be moved no other one begins; null is never.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>So many domains, the smallest, have to arrive before the others begin; if one of them fails, no other one begins.</summary>
    public int Canary { get; init; }

    /// <summary>When the hosts should be empty; null is never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What happens to those that would not get done by then.</summary>
    public OnDeadline OnDeadline { get; init; }

    /// <summary>Slow guests down that change memory faster than it can be sent.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>Let guests that do not get done by themselves go on at the destination and fetch what they miss.</summary>
    public bool PostCopy { get; init; }

    /// <summary>How long a guest may stand still at most, after it was tried with less; null is what the domain is set to.</summary>
    public Duration? MaxDowntime { get; init; }

    /// <summary>
    /// How memory is compressed: <see cref="MigrationCompression.None"/> or <see cref="MigrationCompression.Xbzrle"/>; null is
    /// xbzrle for what passes a narrow link.
    /// </summary>
    public MigrationCompression? Compression { get; init; }

    /// <summary>Whether disks are copied; null finds out.</summary>
    public CopyStorage? CopyStorage { get; init; }

    /// <summary>Migrate although libvirt takes the disks or their cache mode for unsafe.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Whether what travels is encrypted.</summary>
    public MigrationTls Tls { get; init; }

    /// <summary>The readiness checks that do not keep a domain from a host, by id, with wildcards.</summary>
    public IReadOnlyList<string> SkipReadiness { get; init; } = [];

    /// <summary>How one domain migrates.</summary>
    public MigrationOptions Migration => new()
    {
        AutoConverge = AutoConverge,
        PostCopy = PostCopy || (Deadline is not null && OnDeadline is OnDeadline.PostCopy),
        MaxDowntime = MaxDowntime,
        Compression = Compression ?? MigrationCompression.None,
        AllowUnsafe = AllowUnsafe,
        Tls = Tls,
        Storage = new StorageOptions { Copy = CopyStorage },
    };
}
