namespace LiveMigration.Errors;

/// <summary>The table of faults: every id that a user can meet.</summary>
public static partial class Faults
{
    /// <summary>libvirt's client library is not installed.</summary>
    public static readonly Fault LibvirtLibraryMissing = new("LibvirtLibraryMissing", FaultCategory.ResourceUnavailable,
        "Install libvirt's client library: package libvirt0 (Debian, Ubuntu), libvirt-libs (Fedora, RHEL), libvirt (Homebrew); or name the file in the environment variable LIVEMIGRATION_LIBVIRT.");

    /// <summary>The host keeps silent.</summary>
    public static readonly Fault HostNotAnswering = new("HostNotAnswering", FaultCategory.OperationTimeout,
        "Look whether the host is up and libvirt's daemon runs there, and whether a firewall drops its packets.");

    /// <summary>There is no domain of that name or UUID.</summary>
    public static readonly Fault DomainNotFound = new("DomainNotFound", FaultCategory.ObjectNotFound,
        "List what is there with Get-LibvirtDomain; names are case-sensitive.");

    /// <summary>The options cannot all hold.</summary>
    public static readonly Fault ContradictingOptions = new("ContradictingOptions", FaultCategory.InvalidArgument,
        "Change or leave out what the message names.");

    /// <summary>A migration policy, or the file it is in, is not right.</summary>
    public static readonly Fault InvalidPolicy = new("InvalidPolicy", FaultCategory.InvalidArgument,
        "See about_LiveMigration_Policies for what a policy may say.");

    /// <summary>Source and destination are one host.</summary>
    public static readonly Fault SameHost = new("SameHost", FaultCategory.InvalidArgument,
        "Name another destination. If they are two machines, give each its own host_uuid in libvirtd.conf.");

    /// <summary>The hosts run different hypervisors.</summary>
    public static readonly Fault DifferentHypervisor = new("DifferentHypervisor", FaultCategory.InvalidOperation,
        "Migrate between hosts of one hypervisor.");

    /// <summary>A migration of this domain is under way.</summary>
    public static readonly Fault MigrationInProgress = new("MigrationInProgress", FaultCategory.ResourceBusy,
        "Look at it with Get-VMLiveMigration, wait with Wait-VMLiveMigration, or end it with Stop-VMLiveMigration.");

    /// <summary>The domain runs.</summary>
    public static readonly Fault DomainRunning = new("DomainRunning", FaultCategory.InvalidOperation,
        "Leave out -Offline to migrate it live.");

    /// <summary>The domain does not run.</summary>
    public static readonly Fault DomainNotRunning = new("DomainNotRunning", FaultCategory.InvalidOperation,
        "Start it, or move its definition alone with -Offline.");

    /// <summary>The destination has such a domain.</summary>
    public static readonly Fault DomainExists = new("DomainExists", FaultCategory.ResourceExists,
        "Look at it with Get-LibvirtDomain on the destination; migrate under another name with -NewName, or undefine the other one.");

    /// <summary>The destination lacks memory.</summary>
    public static readonly Fault InsufficientMemory = new("InsufficientMemory", FaultCategory.ResourceUnavailable,
        "Free memory on the destination, choose another one, or go ahead with -AllowMemoryOvercommit.");

    /// <summary>Zero-copy needs all of the guest's memory to be lockable, and the source's daemon may not allow that to QEMU.</summary>
    public static readonly Fault MemoryNotLockable = new("MemoryNotLockable", FaultCategory.ResourceUnavailable,
        "Let the source's libvirt daemon raise limits (CAP_SYS_RESOURCE, or a larger LimitMEMLOCK), give the VM a <memtune><hard_limit> that it may lock, or leave out -ZeroCopy.");

    /// <summary>A host's version cannot do it.</summary>
    public static readonly Fault NotSupportedByVersion = new("NotSupportedByVersion", FaultCategory.NotImplemented,
        "Leave out the option, or upgrade the older host.");

    /// <summary>The source cannot be told how to reach the destination.</summary>
    public static readonly Fault NoPeerUri = new("NoPeerUri", FaultCategory.InvalidArgument,
        "Name the URI with -DestinationUri, or use -Mode Direct.");

    /// <summary>A mapping names something that the domain has not.</summary>
    public static readonly Fault InvalidMapping = new("InvalidMapping", FaultCategory.InvalidArgument,
        "Look at the names with Get-LibvirtDomainDisk.");

    /// <summary>In post-copy there is nothing to go back to.</summary>
    public static readonly Fault CannotAbortPostCopy = new("CannotAbortPostCopy", FaultCategory.InvalidOperation,
        "Wait for it with Wait-VMLiveMigration.");

    /// <summary>The guest cannot go on at the destination before its memory is there.</summary>
    public static readonly Fault PostCopyNotPossible = new("PostCopyNotPossible", FaultCategory.InvalidOperation,
        "Start the migration with -PostCopy; the switch is possible for as long as it copies memory.");

    /// <summary>The source's daemon cannot connect to the destination's.</summary>
    public static readonly Fault DestinationUnreachableFromSource = new("DestinationUnreachableFromSource", FaultCategory.ConnectionError,
        "Let the source's root user log in at the destination (ssh key and known_hosts) or give a URI that works from there with -DestinationUri; or use -Mode Direct.");

    /// <summary>No host runs the domain any more.</summary>
    public static readonly Fault DomainLost = new("DomainLost", FaultCategory.InvalidResult,
        "Its process ended in the middle of the migration; /var/log/libvirt/qemu on the host where it ended says why. If half of it is left paused on the source, destroy that; then start the domain there.");

    /// <summary>The domain was shut off in the middle of its migration.</summary>
    public static readonly Fault DomainShutOff = new("DomainShutOff", FaultCategory.InvalidOperation,
        "Nothing is lost: start it where it is defined, or move its definition with -Offline.");

    /// <summary>Both hosts run the domain.</summary>
    public static readonly Fault RunsTwice = new("RunsTwice", FaultCategory.InvalidResult,
        "Pause one copy at once with 'virsh suspend' and find out which holds the newer data: both write to the same disks.");

    /// <summary>The link broke after the guest had moved.</summary>
    public static readonly Fault PostCopyBroken = new("PostCopyBroken", FaultCategory.ConnectionError,
        "Restore the link, then join both halves with Resume-VMLiveMigration. Destroy neither: each holds a part of the guest's memory.");

    /// <summary>A host does not answer, so it is not known where the domain runs.</summary>
    public static readonly Fault OutcomeUnknown = new("OutcomeUnknown", FaultCategory.OperationTimeout,
        "Start neither copy by hand. When both hosts answer, look with Get-LibvirtDomain on each.");

    /// <summary>It was stopped on request.</summary>
    public static readonly Fault Stopped = new("Stopped", FaultCategory.OperationStopped,
        "Start it again when it suits.");

    /// <summary>It took longer than allowed.</summary>
    public static readonly Fault Timeout = new("Timeout", FaultCategory.OperationTimeout,
        "Give it more time, bandwidth or downtime, or let it end otherwise: -AutoConverge, -OnTimeout Suspend, -OnTimeout PostCopy.");

    /// <summary>Nothing moved any more.</summary>
    public static readonly Fault Stalled = new("Stalled", FaultCategory.OperationTimeout,
        "Look at the network between the hosts, and at QEMU and libvirt's daemon on the destination.");

    /// <summary>The destination's daemon went away in the middle.</summary>
    public static readonly Fault DestinationDaemonLost = new("DestinationDaemonLost", FaultCategory.ConnectionError,
        "Look at libvirt's daemon on the destination, and at the network.");

    /// <summary>The hypervisor failed to migrate it.</summary>
    public static readonly Fault MigrationFailed = new("MigrationFailed", FaultCategory.InvalidResult,
        "Read both hosts' logs: /var/log/libvirt/qemu and the journal of libvirt's daemon.");

    /// <summary>The host's name is not known.</summary>
    public static readonly Fault HostNotFound = new("HostNotFound", FaultCategory.ObjectNotFound,
        "Check the spelling, and that the name is in DNS or /etc/hosts of the machine that looks it up.");

    /// <summary>The host is down, or refuses the connection.</summary>
    public static readonly Fault HostUnreachable = new("HostUnreachable", FaultCategory.ConnectionError,
        "Look whether the host is up, libvirt's daemon listens there on this transport (ssh, tls, tcp), and no firewall is in between.");

    /// <summary>The connection URI cannot be used.</summary>
    public static readonly Fault UriInvalid = new("UriInvalid", FaultCategory.InvalidArgument,
        "Write it as qemu+ssh://HOST/system, qemu+tls://HOST/system or qemu:///system; see https://libvirt.org/uri.html.");

    /// <summary>The host's ssh key is not the known one.</summary>
    public static readonly Fault HostKeyRejected = new("HostKeyRejected", FaultCategory.SecurityError,
        "Log in once by ssh and check the key, or name the right file with the URI's known_hosts parameter.");

    /// <summary>The host does not let us in.</summary>
    public static readonly Fault AuthenticationFailed = new("AuthenticationFailed", FaultCategory.AuthenticationError,
        "Give the right user, key file or credential: -User, -KeyFile, -Credential.");

    /// <summary>A certificate was not accepted.</summary>
    public static readonly Fault CertificateRejected = new("CertificateRejected", FaultCategory.SecurityError,
        "Look at both hosts' certificates with Test-MigrationCertificate: the CA, the validity, and that the name or address used is in the certificate; -TlsName names another one.");

    /// <summary>The destination's QEMU did not accept the source's certificate.</summary>
    public static readonly Fault ClientCertificateRejected = new("ClientCertificateRejected", FaultCategory.SecurityError,
        "Put a client certificate of the same CA in place on the source with Install-MigrationCertificate; Test-MigrationCertificate tells what is wrong with one that is there.");

    /// <summary>A host cannot use the certificates that it has.</summary>
    public static readonly Fault CertificateUnusable = new("CertificateUnusable", FaultCategory.SecurityError,
        "Test-MigrationCertificate lists what is wrong; New- and Install-MigrationCertificate make new ones and put them in place.");

    /// <summary>A host has no certificates for its QEMU.</summary>
    public static readonly Fault TlsNotSetUp = new("TlsNotSetUp", FaultCategory.SecurityError,
        "Make certificates with New-MigrationCertificate and put them in place with Install-MigrationCertificate; or send in the clear with -Tls Off.");

    /// <summary>A certificate or a key would be overwritten.</summary>
    public static readonly Fault CertificateExists = new("CertificateExists", FaultCategory.ResourceExists,
        "Replace it with -Force, or name another folder with -Path.");

    /// <summary>A folder has no certificates.</summary>
    public static readonly Fault CertificatesNotFound = new("CertificatesNotFound", FaultCategory.ObjectNotFound,
        "Make them with New-MigrationCertificate, or name the folder where they are with -Path.");

    /// <summary>A file could not be put in place.</summary>
    public static readonly Fault CertificateNotWritable = new("CertificateNotWritable", FaultCategory.PermissionDenied,
        "Use a user who may write there: root for the places that libvirt and QEMU read.");

    /// <summary>A host's libvirt takes encrypted migrations only.</summary>
    public static readonly Fault TlsDemanded = new("TlsDemanded", FaultCategory.SecurityError,
        "Leave out -Tls Off, or unset migrate_tls_force in the host's qemu.conf.");

    /// <summary>The user may not do this.</summary>
    public static readonly Fault PermissionDenied = new("PermissionDenied", FaultCategory.PermissionDenied,
        "Use a user who may manage domains there (group libvirt, or a polkit rule).");

    /// <summary>The connection to the daemon broke.</summary>
    public static readonly Fault ConnectionLost = new("ConnectionLost", FaultCategory.ConnectionError,
        "Look at libvirt's daemon on the host, and at the network; the next command connects anew.");

    /// <summary>The disks do not look shared.</summary>
    public static readonly Fault UnsafeStorage = new("UnsafeStorage", FaultCategory.InvalidOperation,
        "Use shared storage; if you know that both hosts see the same files, add -AllowUnsafe.");

    /// <summary>A disk is cached in a way that may lose data.</summary>
    public static readonly Fault UnsafeCache = new("UnsafeCache", FaultCategory.InvalidOperation,
        "Set the cache of the domain's disks to none or directsync ('virsh edit', then restart it); if you know that no host keeps stale data of them, add -AllowUnsafe.");

    /// <summary>The destination cannot open a disk.</summary>
    public static readonly Fault DiskNotAccessible = new("DiskNotAccessible", FaultCategory.DeviceError,
        "Let the destination reach the image under the same path (or give another with -DiskMap), readable and writable for QEMU's user, and not locked by another process.");

    /// <summary>The destination's CPU lacks what the guest uses.</summary>
    public static readonly Fault CpuIncompatible = new("CpuIncompatible", FaultCategory.InvalidOperation,
        "Give the domain a CPU model that both hosts have ('virsh hypervisor-cpu-baseline') and restart it, or choose another destination.");

    /// <summary>A network or bridge of the domain is not on the destination.</summary>
    public static readonly Fault NetworkMissing = new("NetworkMissing", FaultCategory.ObjectNotFound,
        "Define and start it on the destination, or name another one with -NetworkMap.");

    /// <summary>Another operation holds the domain.</summary>
    public static readonly Fault DomainLocked = new("DomainLocked", FaultCategory.ResourceBusy,
        "Wait for it to end; 'virsh domjobinfo' shows it.");

    /// <summary>The source host cannot resolve the destination's migration address.</summary>
    public static readonly Fault SourceNotResolving = new("SourceNotResolving", FaultCategory.ConnectionError,
        "Put the name in DNS or the source's /etc/hosts, set migration_host in the destination's qemu.conf, or give an address with -MigrationUri tcp://ADDRESS.");

    /// <summary>The source cannot reach the destination's migration port.</summary>
    public static readonly Fault MigrationPortUnreachable = new("MigrationPortUnreachable", FaultCategory.ConnectionError,
        "Open TCP 49152 to 49215 on the destination (migration_port_min and _max in qemu.conf), or give another address with -MigrationUri.");

    /// <summary>QEMU on the destination could not take the domain.</summary>
    public static readonly Fault DestinationQemuFailed = new("DestinationQemuFailed", FaultCategory.InvalidResult,
        "Read /var/log/libvirt/qemu on the destination; a device, an image or the machine type is not available there, or QEMU was killed.");

    /// <summary>QEMU on the source could not send the domain.</summary>
    public static readonly Fault SourceQemuFailed = new("SourceQemuFailed", FaultCategory.InvalidResult,
        "Read /var/log/libvirt/qemu on the source.");

    /// <summary>The memory stream broke.</summary>
    public static readonly Fault StreamBroken = new("StreamBroken", FaultCategory.ConnectionError,
        "Look at the network between the hosts, and at QEMU on the destination.");

    /// <summary>This libvirt or hypervisor cannot do it.</summary>
    public static readonly Fault NotSupported = new("NotSupported", FaultCategory.NotImplemented,
        "Upgrade the host, or leave out the option.");

    /// <summary>No QEMU listens at the monitor's address.</summary>
    public static readonly Fault MonitorUnreachable = new("MonitorUnreachable", FaultCategory.ConnectionError,
        "Look whether QEMU runs, and was started with -qmp unix:PATH,server=on,wait=off or -qmp tcp:ADDRESS:PORT,server=on,wait=off.");

    /// <summary>The user may not open the monitor's socket.</summary>
    public static readonly Fault MonitorAccessDenied = new("MonitorAccessDenied", FaultCategory.PermissionDenied,
        "Use a user who may write to QEMU's socket: the one that QEMU runs as, or root.");

    /// <summary>Something took the connection, and no greeting came.</summary>
    public static readonly Fault MonitorSilent = new("MonitorSilent", FaultCategory.OperationTimeout,
        "A monitor serves one client at a time: close the other one, or give QEMU a second -qmp.");

    /// <summary>The connection to the monitor broke.</summary>
    public static readonly Fault MonitorLost = new("MonitorLost", FaultCategory.ConnectionError,
        "Look whether QEMU still runs, and what its log says. A command that was under way may have been done.");

    /// <summary>The monitor was closed on our side.</summary>
    public static readonly Fault MonitorClosed = new("MonitorClosed", FaultCategory.OperationStopped,
        "Connect anew. A command that was under way may have been done.");

    /// <summary>What answers does not speak QMP.</summary>
    public static readonly Fault MonitorProtocolBroken = new("MonitorProtocolBroken", FaultCategory.ProtocolError,
        "Look whether the address is a QMP monitor (-qmp), and not the one for people (-monitor), a guest agent or a console.");

    /// <summary>An answer is larger than allowed.</summary>
    public static readonly Fault MonitorAnswerTooLarge = new("MonitorAnswerTooLarge", FaultCategory.ProtocolError,
        "Ask for less, or allow larger answers (QmpOptions.MaxMessageSize).");

    /// <summary>QEMU knows no such command.</summary>
    public static readonly Fault QemuCommandNotFound = new("QemuCommandNotFound", FaultCategory.NotImplemented,
        "Ask this QEMU for its commands with query-commands; it may be too old, too new, or built without that feature.");

    /// <summary>QEMU does not take an argument of the command.</summary>
    public static readonly Fault QemuArgumentInvalid = new("QemuArgumentInvalid", FaultCategory.InvalidArgument,
        "Look up the command's arguments, their types and ranges with query-qmp-schema, or in QEMU's QMP reference.");

    /// <summary>QEMU has no such device, job or object.</summary>
    public static readonly Fault QemuDeviceNotFound = new("QemuDeviceNotFound", FaultCategory.ObjectNotFound,
        "Look at the names with query-block, query-block-jobs or qom-list.");

    /// <summary>The device, job or migration is not in the state that the command needs.</summary>
    public static readonly Fault QemuStateWrong = new("QemuStateWrong", FaultCategory.InvalidOperation,
        "Look at the state with query-status, query-migrate or query-block-jobs.");

    /// <summary>QEMU failed to do it.</summary>
    public static readonly Fault QemuFailed = new("QemuFailed", FaultCategory.InvalidResult,
        "Read QEMU's log: under libvirt /var/log/libvirt/qemu, else its standard error.");

    /// <summary>libvirt failed.</summary>
    public static readonly Fault LibvirtFailed = new("LibvirtFailed", FaultCategory.InvalidResult,
        "Read the journal of libvirt's daemon on the host.");

    /// <summary>The destination's QEMU does not have the machine type.</summary>
    public static readonly Fault MachineTypeMissing = new("MachineTypeMissing", FaultCategory.InvalidOperation,
        "Choose a destination whose QEMU is at least as new as the one that the domain was started with, or restart the domain with a machine type that both have.");

    /// <summary>A CPU number that a host does not have.</summary>
    public static readonly Fault NoSuchCpu = new("NoSuchCpu", FaultCategory.InvalidArgument,
        "Name CPUs that both hosts have; Get-LibvirtHost shows how many.");

    /// <summary>There is no broken post-copy.</summary>
    public static readonly Fault NotBrokenInPostCopy = new("NotBrokenInPostCopy", FaultCategory.InvalidOperation,
        "Resume-VMLiveMigration joins what broke after a switch to post-copy. Look at both hosts with Get-LibvirtDomain.");

    /// <summary>A number outside its range.</summary>
    public static readonly Fault OutOfRange = new("OutOfRange", FaultCategory.InvalidArgument,
        "Give a value in the range that the message names.");

    /// <summary>This QEMU has no such migration parameter or capability.</summary>
    public static readonly Fault NoSuchMigrationSetting = new("NoSuchMigrationSetting", FaultCategory.ObjectNotFound,
        "List what this QEMU has with Get-MigrationParameter or Get-MigrationCapability.");

    /// <summary>A value of the wrong type.</summary>
    public static readonly Fault WrongType = new("WrongType", FaultCategory.InvalidArgument,
        "Give a value of the type that the message names; Get-MigrationParameter shows types and units.");

    /// <summary>libvirt sets it itself, and would undo what is set behind its back.</summary>
    public static readonly Fault SetByLibvirt = new("SetByLibvirt", FaultCategory.InvalidOperation,
        "Set it where libvirt takes it: the message names the cmdlet.");

    /// <summary>A way of measuring that would end the guest, or cannot work for it.</summary>
    public static readonly Fault ModeNotSurvivable = new("ModeNotSurvivable", FaultCategory.InvalidOperation,
        "Measure with -Mode PageSampling, which every guest survives.");

    /// <summary>The domain does not migrate.</summary>
    public static readonly Fault NoMigration = new("NoMigration", FaultCategory.ObjectNotFound,
        "List what migrates with Get-VMLiveMigration.");

    /// <summary>The guest does not run at the destination yet.</summary>
    public static readonly Fault CannotPausePostCopy = new("CannotPausePostCopy", FaultCategory.InvalidOperation,
        "Try again once Get-LibvirtDomain shows it running on the destination in post-copy; name the destination with -Destination where another tool started the migration.");

    /// <summary>The guest changes memory faster than it can be sent.</summary>
    public static readonly Fault NotConverging = new("NotConverging", FaultCategory.OperationTimeout,
        "Give it more bandwidth or downtime, or a way to end: -AutoConverge, -PostCopy, or a policy that permits one of them.");

    /// <summary>A fleet, or what is asked of it, contradicts itself.</summary>
    public static readonly Fault InvalidEvacuation = new("InvalidEvacuation", FaultCategory.InvalidArgument,
        "Mend what the message names, in the plan's file or in the parameters.");

    /// <summary>A readiness check fails.</summary>
    public static readonly Fault NotReady = new("NotReady", FaultCategory.InvalidOperation,
        "Look with Test-MigrationReadiness, and mend what it finds; -SkipReadiness, with the check's id, goes on without it.");
}
