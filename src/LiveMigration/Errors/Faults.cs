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

    /// <summary>In post-copy there is nothing to go back to.</summary>
    public static readonly Fault CannotAbortPostCopy = new("CannotAbortPostCopy", InvalidOperation,
        "Wait for it with Wait-VMLiveMigration.");

    /// <summary>The source's daemon cannot connect to the destination's.</summary>
    public static readonly Fault DestinationUnreachableFromSource = new("DestinationUnreachableFromSource", ConnectionError,
        "Let the source's root user log in at the destination (ssh key and known_hosts) or give a URI that works from there with -DestinationUri; or use -Mode Direct.");

    /// <summary>No host runs the domain any more.</summary>
    public static readonly Fault DomainLost = new("DomainLost", InvalidResult,
        "Its process ended in the middle of the migration. Look at /var/log/libvirt/qemu on the source, then start the domain there.");

    /// <summary>Both hosts run the domain.</summary>
    public static readonly Fault RunsTwice = new("RunsTwice", InvalidResult,
        "Pause one copy at once with 'virsh suspend' and find out which holds the newer data: both write to the same disks.");

    /// <summary>The link broke after the guest had moved.</summary>
    public static readonly Fault PostCopyBroken = new("PostCopyBroken", ConnectionError,
        "Restore the link, then join both halves with 'virsh migrate --postcopy --postcopy-resume'. Destroy neither: each holds a part of the guest's memory.");

    /// <summary>A host does not answer, so it is not known where the domain runs.</summary>
    public static readonly Fault OutcomeUnknown = new("OutcomeUnknown", OperationTimeout,
        "Start neither copy by hand. When both hosts answer, look with Get-LibvirtDomain on each.");

    /// <summary>It was stopped on request.</summary>
    public static readonly Fault Stopped = new("Stopped", OperationStopped,
        "Start it again when it suits.");

    /// <summary>It took longer than allowed.</summary>
    public static readonly Fault Timeout = new("Timeout", OperationTimeout,
        "Give it more time, bandwidth or downtime, or let it end otherwise: -AutoConverge, -OnTimeout Suspend, -OnTimeout PostCopy.");

    /// <summary>Nothing moved any more.</summary>
    public static readonly Fault Stalled = new("Stalled", OperationTimeout,
        "Look at the network between the hosts, and at QEMU and libvirt's daemon on the destination.");

    /// <summary>The destination's daemon went away in the middle.</summary>
    public static readonly Fault DestinationDaemonLost = new("DestinationDaemonLost", ConnectionError,
        "Look at libvirt's daemon on the destination, and at the network.");

    /// <summary>The hypervisor failed to migrate it.</summary>
    public static readonly Fault MigrationFailed = new("MigrationFailed", InvalidResult,
        "Read both hosts' logs: /var/log/libvirt/qemu and the journal of libvirt's daemon.");
}
