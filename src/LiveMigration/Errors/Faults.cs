namespace LiveMigration.Errors;

/// <summary>The table of faults: every id that a user can meet.</summary>
public static partial class Faults
{
    /// <summary>libvirt's client library is not installed.</summary>
    public static readonly Fault LibvirtLibraryMissing = new("LibvirtLibraryMissing", FaultCategory.ResourceUnavailable,
        "Install libvirt's client library: package libvirt0 (Debian, Ubuntu), libvirt-libs (Fedora, RHEL), libvirt (Homebrew); or set the environment variable LIVEMIGRATION_LIBVIRT to the library's path.");

    /// <summary>The host does not answer.</summary>
    public static readonly Fault HostNotAnswering = new("HostNotAnswering", FaultCategory.OperationTimeout,
        "Check that the host is up, that libvirt's daemon is running on it, and that no firewall drops its packets.");

    /// <summary>No domain has this name or UUID.</summary>
    public static readonly Fault DomainNotFound = new("DomainNotFound", FaultCategory.ObjectNotFound,
        "List the existing domains with Get-LibvirtDomain.");

    /// <summary>The options contradict each other.</summary>
    public static readonly Fault ContradictingOptions = new("ContradictingOptions", FaultCategory.InvalidArgument,
        "Change or omit the options that the message names.");

    /// <summary>There is nothing to forecast from.</summary>
    public static readonly Fault NoDirtyCurve = new("NoDirtyCurve", FaultCategory.InvalidArgument,
        "Measure the VM with Measure-DirtyRate over several periods, for example -Period '1s', '3s', '10s', and give its output to -Curve; -Memory says how much memory it has.");

    /// <summary>How fast memory can be sent is not known.</summary>
    public static readonly Fault BandwidthUnknown = new("BandwidthUnknown", FaultCategory.InvalidArgument,
        "Say with -Bandwidth how fast the link between the hosts is, for example -Bandwidth 10Gbit/s.");

    /// <summary>A migration policy, or the file it is in, is invalid.</summary>
    public static readonly Fault InvalidPolicy = new("InvalidPolicy", FaultCategory.InvalidArgument,
        "See about_LiveMigration_Policies for the settings of a policy.");

    /// <summary>The file of a plan has errors.</summary>
    public static readonly Fault InvalidPlan = new("InvalidPlan", FaultCategory.InvalidArgument,
        "Correct the file, or write it again with New-EvacuationPlan -OutFile.");

    /// <summary>The description of a fleet has errors.</summary>
    public static readonly Fault InvalidFleet = new("InvalidFleet", FaultCategory.InvalidArgument,
        "Correct the file: see about_LiveMigration_Fleets.");

    /// <summary>A readiness policy has errors.</summary>
    public static readonly Fault InvalidReadinessPolicy = new("InvalidReadinessPolicy", FaultCategory.InvalidArgument,
        "Correct the file: see Get-Help Test-MigrationReadiness -Parameter Policy.");

    /// <summary>Source and destination are the same host.</summary>
    public static readonly Fault SameHost = new("SameHost", FaultCategory.InvalidArgument,
        "Choose another destination. If they are two machines, give each its own host_uuid in libvirtd.conf.");

    /// <summary>The hosts run different hypervisors.</summary>
    public static readonly Fault DifferentHypervisor = new("DifferentHypervisor", FaultCategory.InvalidOperation,
        "Migrate between hosts that run the same hypervisor.");

    /// <summary>The domain is already being migrated.</summary>
    public static readonly Fault MigrationInProgress = new("MigrationInProgress", FaultCategory.ResourceBusy,
        "View it with Get-VMLiveMigration, wait for it with Wait-VMLiveMigration, or stop it with Stop-VMLiveMigration.");

    /// <summary>An earlier migration of it between QEMUs has not come to its end, and nobody carries it out any more.</summary>
    public static readonly Fault MigrationInterrupted = new("MigrationInterrupted", FaultCategory.InvalidOperation,
        "View it with Get-VMLiveMigration, and end it with Resume-VMLiveMigration.");

    /// <summary>A step of a migration between QEMUs cannot be written down.</summary>
    public static readonly Fault MigrationNotRecorded = new("MigrationNotRecorded", FaultCategory.ResourceUnavailable,
        "Free space on the disk of ~/.local/state/livemigration, or correct the folder's permissions: no step is taken that is not written down first.");

    /// <summary>The domain is running.</summary>
    public static readonly Fault DomainRunning = new("DomainRunning", FaultCategory.InvalidOperation,
        "Omit -Offline to migrate it live.");

    /// <summary>The domain is not running.</summary>
    public static readonly Fault DomainNotRunning = new("DomainNotRunning", FaultCategory.InvalidOperation,
        "Start it, or move only its definition with -Offline.");

    /// <summary>The destination already has a domain with that name or UUID.</summary>
    public static readonly Fault DomainExists = new("DomainExists", FaultCategory.ResourceExists,
        "View it with Get-LibvirtDomain on the destination; migrate under another name with -NewName, or undefine the existing domain.");

    /// <summary>The destination lacks memory.</summary>
    public static readonly Fault InsufficientMemory = new("InsufficientMemory", FaultCategory.ResourceUnavailable,
        "Free memory on the destination, choose another destination, or proceed with -AllowMemoryOvercommit.");

    /// <summary>Zero-copy needs all of the guest's memory to be lockable, and the source's daemon may not permit QEMU to do that.</summary>
    public static readonly Fault MemoryNotLockable = new("MemoryNotLockable", FaultCategory.ResourceUnavailable,
        "Allow the source's libvirt daemon to raise limits (CAP_SYS_RESOURCE, or a larger LimitMEMLOCK), give the VM a <memtune><hard_limit> that it may lock, or omit -ZeroCopy.");

    /// <summary>A host's version does not support it.</summary>
    public static readonly Fault NotSupportedByVersion = new("NotSupportedByVersion", FaultCategory.NotImplemented,
        "Omit the option, or upgrade the older host.");

    /// <summary>No URI is known under which the source can reach the destination.</summary>
    public static readonly Fault NoPeerUri = new("NoPeerUri", FaultCategory.InvalidArgument,
        "Specify the URI with -DestinationUri, or use -Mode Direct.");

    /// <summary>A map names a disk or network that the domain does not have.</summary>
    public static readonly Fault InvalidMapping = new("InvalidMapping", FaultCategory.InvalidArgument,
        "List the names with Get-LibvirtDomainDisk.");

    /// <summary>A migration in post-copy cannot be aborted: neither host has all of the guest's memory.</summary>
    public static readonly Fault CannotAbortPostCopy = new("CannotAbortPostCopy", FaultCategory.InvalidOperation,
        "Wait for it to complete with Wait-VMLiveMigration.");

    /// <summary>The migration cannot be switched to post-copy.</summary>
    public static readonly Fault PostCopyNotPossible = new("PostCopyNotPossible", FaultCategory.InvalidOperation,
        "Start the migration with -PostCopy; the switch is possible only while memory is being copied.");

    /// <summary>The source's daemon cannot connect to the destination's.</summary>
    public static readonly Fault DestinationUnreachableFromSource = new("DestinationUnreachableFromSource", FaultCategory.ConnectionError,
        "Let the source's root user log in to the destination (ssh key and known_hosts), specify a URI that works from there with -DestinationUri, or use -Mode Direct.");

    /// <summary>The domain no longer runs on any host.</summary>
    public static readonly Fault DomainLost = new("DomainLost", FaultCategory.InvalidResult,
        "Its process ended during the migration; see /var/log/libvirt/qemu on the host where it ended for the cause. If one half is left paused on the source, destroy that half, then start the domain there.");

    /// <summary>The domain was shut off during its migration.</summary>
    public static readonly Fault DomainShutOff = new("DomainShutOff", FaultCategory.InvalidOperation,
        "Nothing is lost. Start it where it is defined, or move its definition with -Offline.");

    /// <summary>Both hosts run the domain.</summary>
    public static readonly Fault RunsTwice = new("RunsTwice", FaultCategory.InvalidResult,
        "Both copies write to the same disks. Pause one immediately with 'virsh suspend', then find out which holds the newer data.");

    /// <summary>The connection was lost in post-copy, after the guest had moved.</summary>
    public static readonly Fault PostCopyBroken = new("PostCopyBroken", FaultCategory.ConnectionError,
        "Restore the connection, then resume with Resume-VMLiveMigration. Destroy neither half: each holds part of the guest's memory.");

    /// <summary>A host does not answer, so it is not known where the domain runs.</summary>
    public static readonly Fault OutcomeUnknown = new("OutcomeUnknown", FaultCategory.OperationTimeout,
        "Do not start either copy manually. When both hosts answer again, check each with Get-LibvirtDomain.");

    /// <summary>The migration was stopped on request.</summary>
    public static readonly Fault Stopped = new("Stopped", FaultCategory.OperationStopped,
        "Start it again when you are ready.");

    /// <summary>The migration took longer than allowed.</summary>
    public static readonly Fault Timeout = new("Timeout", FaultCategory.OperationTimeout,
        "Allow more time, bandwidth or downtime, or choose another way to complete: -AutoConverge, -OnTimeout Suspend or -OnTimeout PostCopy.");

    /// <summary>The migration made no progress.</summary>
    public static readonly Fault Stalled = new("Stalled", FaultCategory.OperationTimeout,
        "Check the network between the hosts, and QEMU and libvirt's daemon on the destination. One that takes long to prepare (hooks, huge pages) needs a longer -PrepareTimeout.");

    /// <summary>The connection to the destination's daemon was lost during the migration.</summary>
    public static readonly Fault DestinationDaemonLost = new("DestinationDaemonLost", FaultCategory.ConnectionError,
        "Check libvirt's daemon on the destination, and the network.");

    /// <summary>A disk's copy that was cut off left its parts in the domain's QEMU.</summary>
    public static readonly Fault CopyLeftover = new("CopyLeftover", FaultCategory.ResourceBusy,
        "Remove what an earlier copy left in QEMU when libvirt's daemon ended: Test-MigrationReadiness -Check LM110 -AllowMonitor | Repair-MigrationReadiness. Shutting the VM down and starting it again removes it as well.");

    /// <summary>Another migration of this client uses the port at the destination.</summary>
    public static readonly Fault PortInUse = new("PortInUse", FaultCategory.ResourceBusy,
        "Specify another port with -DisksPort or -MigrationUri, or wait until the other migration has ended.");

    /// <summary>The hypervisor failed to migrate the domain.</summary>
    public static readonly Fault MigrationFailed = new("MigrationFailed", FaultCategory.InvalidResult,
        "Check both hosts' logs: /var/log/libvirt/qemu and the journal of libvirt's daemon.");

    /// <summary>The host's name cannot be resolved.</summary>
    public static readonly Fault HostNotFound = new("HostNotFound", FaultCategory.ObjectNotFound,
        "Check the spelling, and that the machine that resolves the name has it in DNS or /etc/hosts.");

    /// <summary>The host is down, or refuses the connection.</summary>
    public static readonly Fault HostUnreachable = new("HostUnreachable", FaultCategory.ConnectionError,
        "Check that the host is up, that libvirt's daemon listens on this transport (ssh, tls, tcp), and that no firewall blocks it.");

    /// <summary>The connection URI cannot be used.</summary>
    public static readonly Fault UriInvalid = new("UriInvalid", FaultCategory.InvalidArgument,
        "Write it as qemu+ssh://HOST/system, qemu+tls://HOST/system or qemu:///system; see https://libvirt.org/uri.html.");

    /// <summary>The host's ssh key is unknown, or has changed.</summary>
    public static readonly Fault HostKeyRejected = new("HostKeyRejected", FaultCategory.SecurityError,
        "Log in once with ssh and verify the key, or specify the right file with the URI's known_hosts parameter.");

    /// <summary>The host rejected the user or the credential.</summary>
    public static readonly Fault AuthenticationFailed = new("AuthenticationFailed", FaultCategory.AuthenticationError,
        "Specify the right user, key file or credential with -User, -KeyFile or -Credential.");

    /// <summary>A certificate was not accepted.</summary>
    public static readonly Fault CertificateRejected = new("CertificateRejected", FaultCategory.SecurityError,
        "Check both hosts' certificates with Test-MigrationCertificate: the CA, the validity, and that the name or address in use is in the certificate. To expect another name, use -TlsName.");

    /// <summary>The destination's QEMU did not accept the source's certificate.</summary>
    public static readonly Fault ClientCertificateRejected = new("ClientCertificateRejected", FaultCategory.SecurityError,
        "Install a client certificate from the same CA on the source with Install-MigrationCertificate; Test-MigrationCertificate shows what is wrong with an existing one.");

    /// <summary>A migration could not be encrypted, and nobody names a certificate as the cause.</summary>
    public static readonly Fault EncryptionFailed = new("EncryptionFailed", FaultCategory.SecurityError,
        "Check both hosts' certificates with Test-MigrationCertificate, and read QEMU's log of the VM on both (/var/log/libvirt/qemu).");

    /// <summary>A host cannot use its certificates.</summary>
    public static readonly Fault CertificateUnusable = new("CertificateUnusable", FaultCategory.SecurityError,
        "Find the problem with Test-MigrationCertificate, then create and install new certificates with New-MigrationCertificate and Install-MigrationCertificate.");

    /// <summary>A host has no certificates for its QEMU.</summary>
    public static readonly Fault TlsNotSetUp = new("TlsNotSetUp", FaultCategory.SecurityError,
        "Create certificates with New-MigrationCertificate and install them with Install-MigrationCertificate, or migrate unencrypted with -Tls Off.");

    /// <summary>A certificate or a key would be overwritten.</summary>
    public static readonly Fault CertificateExists = new("CertificateExists", FaultCategory.ResourceExists,
        "Replace it with -Force, or specify another folder with -Path.");

    /// <summary>A folder has no certificates.</summary>
    public static readonly Fault CertificatesNotFound = new("CertificatesNotFound", FaultCategory.ObjectNotFound,
        "Create them with New-MigrationCertificate, or specify the folder that contains them with -Path.");

    /// <summary>A certificate or key file could not be written.</summary>
    public static readonly Fault CertificateNotWritable = new("CertificateNotWritable", FaultCategory.PermissionDenied,
        "Use a user with write permission there: root for the folders that libvirt and QEMU read.");

    /// <summary>A host's libvirt accepts only encrypted migrations.</summary>
    public static readonly Fault TlsDemanded = new("TlsDemanded", FaultCategory.SecurityError,
        "Omit -Tls Off, or unset migrate_tls_force in the host's qemu.conf.");

    /// <summary>The user does not have permission for this.</summary>
    public static readonly Fault PermissionDenied = new("PermissionDenied", FaultCategory.PermissionDenied,
        "Use a user with permission to manage domains there (group libvirt, or a polkit rule).");

    /// <summary>The connection to the daemon broke.</summary>
    public static readonly Fault ConnectionLost = new("ConnectionLost", FaultCategory.ConnectionError,
        "Check libvirt's daemon on the host, and the network; the next command reconnects.");

    /// <summary>libvirt does not recognize the disks as shared.</summary>
    public static readonly Fault UnsafeStorage = new("UnsafeStorage", FaultCategory.InvalidOperation,
        "Have the disks copied (omit -CopyStorage None), or move them to storage that both hosts access.");

    /// <summary>The cache mode of a disk could lose data.</summary>
    public static readonly Fault UnsafeCache = new("UnsafeCache", FaultCategory.InvalidOperation,
        "Set the cache of the domain's disks to none or directsync ('virsh edit', then restart it), or add -AllowUnsafe if you know that no host caches stale data of them.");

    /// <summary>The destination cannot open a disk.</summary>
    public static readonly Fault DiskNotAccessible = new("DiskNotAccessible", FaultCategory.DeviceError,
        "Make the image available on the destination under the same path (or specify another with -DiskMap), readable and writable by QEMU's user, and not locked by another process.");

    /// <summary>The destination's CPU lacks a feature that the guest uses.</summary>
    public static readonly Fault CpuIncompatible = new("CpuIncompatible", FaultCategory.InvalidOperation,
        "Give the domain a CPU model that both hosts support ('virsh hypervisor-cpu-baseline') and restart it, or choose another destination.");

    /// <summary>A network or bridge of the domain is not on the destination.</summary>
    public static readonly Fault NetworkMissing = new("NetworkMissing", FaultCategory.ObjectNotFound,
        "Define and start it on the destination, or specify another one with -NetworkMap.");

    /// <summary>Another operation is running on the domain.</summary>
    public static readonly Fault DomainLocked = new("DomainLocked", FaultCategory.ResourceBusy,
        "Wait until it ends; 'virsh domjobinfo' shows its progress.");

    /// <summary>The source host cannot resolve the destination's migration address.</summary>
    public static readonly Fault SourceNotResolving = new("SourceNotResolving", FaultCategory.ConnectionError,
        "Add the name to DNS or the source's /etc/hosts, set migration_host in the destination's qemu.conf, or specify an address with -MigrationUri tcp://ADDRESS.");

    /// <summary>The source cannot reach the destination's migration port.</summary>
    public static readonly Fault MigrationPortUnreachable = new("MigrationPortUnreachable", FaultCategory.ConnectionError,
        "Open TCP 49152 to 49215 on the destination (migration_port_min and _max in qemu.conf), or specify another address with -MigrationUri.");

    /// <summary>QEMU on the destination could not receive the domain.</summary>
    public static readonly Fault DestinationQemuFailed = new("DestinationQemuFailed", FaultCategory.InvalidResult,
        "See the log of QEMU on the destination (of libvirt: /var/log/libvirt/qemu): a device, an image or the machine type is not available there, or QEMU was killed.");

    /// <summary>QEMU on the destination does not accept the state of a device: it lacks what the guest uses of it.</summary>
    public static readonly Fault DeviceStateRejected = new("DeviceStateRejected", FaultCategory.InvalidOperation,
        "The message names the device. What a guest uses of it was agreed when it started: choose a destination whose QEMU and kernel are not older than the source's, or shut the domain down and start it on a host that has no more than this one.");

    /// <summary>QEMU on the source could not send the domain.</summary>
    public static readonly Fault SourceQemuFailed = new("SourceQemuFailed", FaultCategory.InvalidResult,
        "See the log of QEMU on the source (of libvirt: /var/log/libvirt/qemu).");

    /// <summary>The memory stream broke.</summary>
    public static readonly Fault StreamBroken = new("StreamBroken", FaultCategory.ConnectionError,
        "Check the network between the hosts, and QEMU on the destination.");

    /// <summary>This libvirt or hypervisor does not support it.</summary>
    public static readonly Fault NotSupported = new("NotSupported", FaultCategory.NotImplemented,
        "Upgrade the host, or omit the option.");

    /// <summary>No QEMU listens at the monitor's address.</summary>
    public static readonly Fault MonitorUnreachable = new("MonitorUnreachable", FaultCategory.ConnectionError,
        "Check that QEMU is running and was started with -qmp unix:PATH,server=on,wait=off or -qmp tcp:ADDRESS:PORT,server=on,wait=off.");

    /// <summary>The user has no permission to open the monitor's socket.</summary>
    public static readonly Fault MonitorAccessDenied = new("MonitorAccessDenied", FaultCategory.PermissionDenied,
        "Use a user with write permission on QEMU's socket: the user that QEMU runs as, or root.");

    /// <summary>The connection was accepted, but no greeting came.</summary>
    public static readonly Fault MonitorSilent = new("MonitorSilent", FaultCategory.OperationTimeout,
        "A monitor serves one client at a time: close the other client, or give QEMU a second -qmp.");

    /// <summary>The connection to the monitor broke.</summary>
    public static readonly Fault MonitorLost = new("MonitorLost", FaultCategory.ConnectionError,
        "Check that QEMU is still running, and check its log. A command that was in progress may have been executed.");

    /// <summary>The monitor was closed on our side.</summary>
    public static readonly Fault MonitorClosed = new("MonitorClosed", FaultCategory.OperationStopped,
        "Connect again. A command that was in progress may have been executed.");

    /// <summary>The program that answers does not speak QMP.</summary>
    public static readonly Fault MonitorProtocolBroken = new("MonitorProtocolBroken", FaultCategory.ProtocolError,
        "Check that the address is a QMP monitor (-qmp), not a human monitor (-monitor), a guest agent or a console.");

    /// <summary>An answer is larger than allowed.</summary>
    public static readonly Fault MonitorAnswerTooLarge = new("MonitorAnswerTooLarge", FaultCategory.ProtocolError,
        "Request less data, or allow larger answers (QmpOptions.MaxMessageSize).");

    /// <summary>QEMU does not have this command.</summary>
    public static readonly Fault QemuCommandNotFound = new("QemuCommandNotFound", FaultCategory.NotImplemented,
        "List the commands of this QEMU with query-commands; it may be too old, too new, or built without that feature.");

    /// <summary>QEMU does not accept an argument of the command.</summary>
    public static readonly Fault QemuArgumentInvalid = new("QemuArgumentInvalid", FaultCategory.InvalidArgument,
        "Check the command's arguments, their types and ranges with query-qmp-schema, or in QEMU's QMP reference.");

    /// <summary>QEMU has no such device, job or object.</summary>
    public static readonly Fault QemuDeviceNotFound = new("QemuDeviceNotFound", FaultCategory.ObjectNotFound,
        "List the names with query-block, query-block-jobs or qom-list.");

    /// <summary>The device, job or migration is not in the state that the command needs.</summary>
    public static readonly Fault QemuStateWrong = new("QemuStateWrong", FaultCategory.InvalidOperation,
        "Check the state with query-status, query-migrate or query-block-jobs.");

    /// <summary>QEMU reported an error.</summary>
    public static readonly Fault QemuFailed = new("QemuFailed", FaultCategory.InvalidResult,
        "Check QEMU's log: /var/log/libvirt/qemu under libvirt, otherwise its standard error.");

    /// <summary>libvirt reported an error of its own.</summary>
    public static readonly Fault LibvirtFailed = new("LibvirtFailed", FaultCategory.InvalidResult,
        "Check the journal of libvirt's daemon on the host.");

    /// <summary>The destination's QEMU does not have the machine type.</summary>
    public static readonly Fault MachineTypeMissing = new("MachineTypeMissing", FaultCategory.InvalidOperation,
        "Choose a destination whose QEMU is at least as new as the one that started the domain, or restart the domain with a machine type that both hosts have.");

    /// <summary>A host does not have a CPU of this number.</summary>
    public static readonly Fault NoSuchCpu = new("NoSuchCpu", FaultCategory.InvalidArgument,
        "Specify CPUs that both hosts have; Get-LibvirtHost shows how many there are.");

    /// <summary>No interrupted post-copy migration was found.</summary>
    public static readonly Fault NotBrokenInPostCopy = new("NotBrokenInPostCopy", FaultCategory.InvalidOperation,
        "Resume-VMLiveMigration recovers only migrations that broke after a switch to post-copy. Check both hosts with Get-LibvirtDomain.");

    /// <summary>A number is outside its range.</summary>
    public static readonly Fault OutOfRange = new("OutOfRange", FaultCategory.InvalidArgument,
        "Specify a value in the range that the message names.");

    /// <summary>This QEMU does not have the migration parameter or capability.</summary>
    public static readonly Fault NoSuchMigrationSetting = new("NoSuchMigrationSetting", FaultCategory.ObjectNotFound,
        "List what this QEMU supports with Get-MigrationParameter or Get-MigrationCapability.");

    /// <summary>A value has the wrong type.</summary>
    public static readonly Fault WrongType = new("WrongType", FaultCategory.InvalidArgument,
        "Specify a value of the type that the message names; Get-MigrationParameter shows types and units.");

    /// <summary>libvirt manages this setting itself and would overwrite it.</summary>
    public static readonly Fault SetByLibvirt = new("SetByLibvirt", FaultCategory.InvalidOperation,
        "Set it with the cmdlet or option that the message names.");

    /// <summary>This way of measuring would crash the guest, or does not work for it.</summary>
    public static readonly Fault ModeNotSurvivable = new("ModeNotSurvivable", FaultCategory.InvalidOperation,
        "Measure with -Mode PageSampling, which is safe for every guest.");

    /// <summary>The domain is not being migrated.</summary>
    public static readonly Fault NoMigration = new("NoMigration", FaultCategory.ObjectNotFound,
        "List the running migrations with Get-VMLiveMigration.");

    /// <summary>The guest is not running on the destination yet.</summary>
    public static readonly Fault CannotPausePostCopy = new("CannotPausePostCopy", FaultCategory.InvalidOperation,
        "Retry once Get-LibvirtDomain shows it running on the destination in post-copy; specify the destination with -Destination if another tool started the migration.");

    /// <summary>The guest changes memory faster than it can be sent.</summary>
    public static readonly Fault NotConverging = new("NotConverging", FaultCategory.OperationTimeout,
        "Allow more bandwidth or downtime, or a way to converge: -AutoConverge, -PostCopy, or a policy that permits one of them.");

    /// <summary>A fleet, a plan, or the options for it contradict themselves.</summary>
    public static readonly Fault InvalidEvacuation = new("InvalidEvacuation", FaultCategory.InvalidArgument,
        "Correct what the message names, in the plan's file or in the parameters.");

    /// <summary>A readiness check fails.</summary>
    public static readonly Fault NotReady = new("NotReady", FaultCategory.InvalidOperation,
        "Run Test-MigrationReadiness and fix what it finds, or skip a check with -SkipReadiness and its id.");
}
