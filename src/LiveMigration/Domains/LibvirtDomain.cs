using LiveMigration.Hosts;
using LiveMigration.Hypervisors;
using LiveMigration.Units;

namespace LiveMigration.Domains;

/// <summary>A virtual machine on a host, as it was when the host was asked.</summary>
public sealed record LibvirtDomain
{
    private readonly ItemList<DiskSummary> _disks = ItemList<DiskSummary>.Empty;

    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The domain's UUID: the same on both hosts, and what identifies it.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The host where it is.</summary>
    public required LibvirtHost Host { get; init; }

    /// <summary>The name of the host where it is.</summary>
    public string HostName => Host.Name;

    /// <summary>State and reason.</summary>
    public required DomainStatus Status { get; init; }

    /// <summary>The state.</summary>
    public DomainState State => Status.State;

    /// <summary>The reason for the state.</summary>
    public string Reason => Status.Reason;

    /// <summary>Virtual CPUs now; null where the host does not report them.</summary>
    public required int? VCpus { get; init; }

    /// <summary>Memory that the guest has now, in bytes; null where the host does not report it.</summary>
    public required long? Memory { get; init; }

    /// <summary>Memory that the guest can have at most, in bytes: what a migration has to move. Null where the host does not report it.</summary>
    public required long? MaxMemory { get; init; }

    /// <summary>Whether the host keeps a definition when the domain stops.</summary>
    public required bool Persistent { get; init; }

    /// <summary>Whether it starts with the host.</summary>
    public required bool Autostart { get; init; }

    /// <summary>Whether a migration of it is under way, in or out.</summary>
    public required bool Migrating { get; init; }

    /// <summary>Its disks, with what the host's storage pools report about them.</summary>
    public required IReadOnlyList<DiskSummary> Disks { get => _disks; init => _disks = ItemList<DiskSummary>.Of(value); }

    /// <summary>Who can reach its disks, all together.</summary>
    public StorageAccess Storage => DiskSummary.Together(Disks);

    /// <summary>The same in terms of no hypervisor.</summary>
    internal MigratingGuest ToGuest() => new(Name, Uuid, HostName) { MaxMemory = MaxMemory, Executes = Status.IsExecuting, IsPostCopy = Status.IsPostCopy };

    /// <summary>The domain's name.</summary>
    public override string ToString() => Name;
}
