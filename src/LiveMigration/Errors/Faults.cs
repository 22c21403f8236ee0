using static LiveMigration.Errors.FaultCategory;

namespace LiveMigration.Errors;

/// <summary>The table of faults: every id that a user can meet.</summary>
public static class Faults
{
    /// <summary>libvirt's client library is not installed.</summary>
    public static readonly Fault LibraryMissing = new("LibvirtLibraryMissing", ResourceUnavailable,
        "Install libvirt's client library: package libvirt0 (Debian, Ubuntu), libvirt-libs (Fedora, RHEL), libvirt (Homebrew); or name the file in the environment variable LIVEMIGRATION_LIBVIRT.");

    /// <summary>The host keeps silent.</summary>
    public static readonly Fault HostNotAnswering = new("HostNotAnswering", OperationTimeout,
        "Look whether the host is up and libvirt's daemon runs there, and whether a firewall drops its packets.");

    /// <summary>There is no domain of that name or UUID.</summary>
    public static readonly Fault DomainNotFound = new("DomainNotFound", ObjectNotFound,
        "List what is there with Get-LibvirtDomain; names are case-sensitive.");

    /// <summary>The options cannot all hold.</summary>
    public static readonly Fault ContradictingOptions = new("ContradictingOptions", InvalidArgument,
        "Leave out one side of the contradiction.");

    /// <summary>Source and destination are one host.</summary>
    public static readonly Fault SameHost = new("SameHost", InvalidArgument,
        "Name another destination. If they are two machines, give each its own host_uuid in libvirtd.conf.");

    /// <summary>The hosts run different hypervisors.</summary>
    public static readonly Fault DifferentHypervisor = new("DifferentHypervisor", InvalidOperation,
        "Migrate between hosts of one hypervisor.");

    /// <summary>A migration of this domain is under way.</summary>
    public static readonly Fault MigrationInProgress = new("MigrationInProgress", ResourceBusy,
        "Look at it with Get-VMLiveMigration, wait with Wait-VMLiveMigration, or end it with Stop-VMLiveMigration.");

    /// <summary>The domain runs.</summary>
    public static readonly Fault DomainRunning = new("DomainRunning", InvalidOperation,
        "Leave out -Offline to migrate it live.");

    /// <summary>The domain does not run.</summary>
    public static readonly Fault DomainNotRunning = new("DomainNotRunning", InvalidOperation,
        "Start it, or move its definition alone with -Offline.");

    /// <summary>The destination has such a domain.</summary>
    public static readonly Fault DomainExists = new("DomainExists", ResourceExists,
        "Look at it with Get-LibvirtDomain on the destination; migrate under another name with -NewName, or undefine the other one.");

    /// <summary>The destination lacks memory.</summary>
    public static readonly Fault InsufficientMemory = new("InsufficientMemory", ResourceUnavailable,
        "Free memory on the destination, choose another one, or go ahead with -AllowMemoryOvercommit.");

    /// <summary>A host's version cannot do it.</summary>
    public static readonly Fault NotSupportedByVersion = new("NotSupportedByVersion", NotImplemented,
        "Leave out the option, or upgrade the older host.");

    /// <summary>The source cannot be told how to reach the destination.</summary>
    public static readonly Fault NoPeerUri = new("NoPeerUri", InvalidArgument,
        "Name the URI with -DestinationUri, or use -Mode Direct.");

    /// <summary>A mapping names something that the domain has not.</summary>
    public static readonly Fault InvalidMapping = new("InvalidMapping", InvalidArgument,
        "Look at the names with Get-LibvirtDomainDisk.");
}
