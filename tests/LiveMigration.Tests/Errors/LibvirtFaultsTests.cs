using LiveMigration.Errors;

namespace LiveMigration.Tests.Errors;

/// <summary>Messages as virsh printed them, of libvirt 9.0 and QEMU 7.2 unless said otherwise.</summary>
public sealed class LibvirtFaultsTests
{
    [Theory]
    // Left by a daemon that died in a copy.
    [InlineData("internal error: unable to execute QEMU command 'blockdev-add': Duplicate nodes with node-name='migration-vda-storage'", "CopyLeftover")]
    [InlineData("internal error: unable to execute QEMU command 'blockdev-mirror': Job ID 'drive-virtio-disk0' already in use", "CopyLeftover")]
    // Connecting.
    [InlineData("migration of disk vda failed: No space left on device", "DestinationStorageFull")]
    [InlineData("migration of disk vda failed: Input/output error", "StreamBroken")]
    [InlineData("migration of disk vda failed: Source and target image have different sizes", "ImagesDiffer")]
    [InlineData("Cannot recv data: ssh: Could not resolve hostname nosuch.invalid: Name or service not known: Connection reset by peer", "HostNotFound")]
    [InlineData("Unable to resolve address 'nosuch.lab' service '16509': Temporary failure in name resolution", "HostNotFound")]
    [InlineData("unable to connect to server at '10.77.0.12:16509': Connection refused", "HostUnreachable")]
    [InlineData("unable to connect to server at '10.77.0.12:16514': No route to host", "HostUnreachable")]
    [InlineData("Cannot recv data: ssh: connect to host 10.77.0.12 port 22: Connection refused: Connection reset by peer", "HostUnreachable")]
    [InlineData("internal error: received hangup event on socket", "ConnectionLost")]
    [InlineData("internal error: received error event on socket", "ConnectionLost")]
    [InlineData("Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory", "HostUnreachable")]
    [InlineData("Cannot recv data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': No such file or directory: Connection reset by peer", "HostUnreachable")]
    [InlineData("Cannot recv data: sh: 1: nc: not found: Connection reset by peer", "HostUnreachable")]
    [InlineData("End of file while reading data: bash: line 1: nc: command not found: Input/output error", "HostUnreachable")]
    [InlineData("Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied", "PermissionDenied")]
    [InlineData("Cannot recv data: virt-ssh-helper: cannot connect to '/run/libvirt/libvirt-sock': Permission denied: Connection reset by peer", "PermissionDenied")]
    [InlineData("authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'", "PermissionDenied")]
    [InlineData("operation forbidden: read only access prevents virDomainSuspend", "PermissionDenied")]
    [InlineData("Cannot recv data: Host key verification failed.: Connection reset by peer", "HostKeyRejected")]
    [InlineData("Cannot recv data: root@10.77.0.12: Permission denied (publickey,password).: Connection reset by peer", "AuthenticationFailed")]
    [InlineData("authentication failed: Failed to start SASL negotiation: -4 (SASL(-4): no mechanism available: No worthy mechs found)", "AuthenticationFailed")]
    [InlineData("authentication failed: authentication failed", "AuthenticationFailed")]
    [InlineData("invalid argument: remote_open: transport in URL not recognised (should be tls|unix|ssh|ext|tcp|libssh2|libssh)", "UriInvalid")]
    [InlineData("internal error: unexpected qemu URI path '/foo', try qemu:///system", "UriInvalid")]
    [InlineData("no connection driver available for qemo:///system", "UriInvalid")]
    // TLS.
    [InlineData("authentication failed: Failed to verify peer's certificate", "CertificateRejected")]
    [InlineData("authentication failed: TLS handshake failed Error in the pull function.", "CertificateRejected")]
    [InlineData("Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory", "CertificateRejected")]
    [InlineData("internal error: unable to execute QEMU command 'object-add': The server certificate /etc/pki/qemu/server-cert.pem has expired", "CertificateUnusable")]
    [InlineData("internal error: unable to execute QEMU command 'object-add': Unable to access credentials /etc/pki/qemu/ca-cert.pem: No such file or directory", "TlsNotSetUp")]
    [InlineData("internal error: unable to execute QEMU command 'object-add': Unable to access credentials /etc/pki/qemu/server-key.pem: No such file or directory", "CertificateUnusable")]
    [InlineData("Operation not supported: host migration TLS directory not configured", "TlsNotSetUp")]
    [InlineData("Operation not supported: this libvirtd instance allows migration only with VIR_MIGRATE_TLS flag", "TlsDemanded")]
    [InlineData("operation failed: job 'migration out' failed: Cannot write to TLS channel: Input/output error", "DestinationQemuFailed")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: Cannot read from TLS channel: Input/output error\nqemu-system-x86_64: load of migration failed: Input/output error", "DestinationQemuFailed")]
    // A connection that was there.
    [InlineData("internal error: client socket is closed", "ConnectionLost")]
    [InlineData("internal error: connection closed due to keepalive timeout", "ConnectionLost")]
    [InlineData("Cannot recv data: Connection reset by peer", "ConnectionLost")]
    [InlineData("End of file while reading data: Input/output error", "ConnectionLost")]
    [InlineData("internal error: process exited while connecting to monitor: qemu-system-x86_64: -blockdev {\"driver\":\"qcow2\",\"encrypt\":{\"format\":\"luks\",\"key-secret\":\"s0\"}}: Invalid password, cannot unlock any keyslot", "SecretMissing")]
    [InlineData("Cannot write data: Broken pipe", "ConnectionLost")]
    // From the source's daemon to the destination.
    [InlineData("operation failed: Failed to connect to remote libvirt URI qemu+ssh://root@b/system: Cannot recv data: Host key verification failed.: Connection reset by peer", "DestinationUnreachableFromSource")]
    [InlineData("operation failed: Failed to connect to remote libvirt URI qemu+tcp://b.lab:1/system: unable to connect to server at 'b.lab:1': Connection refused", "DestinationUnreachableFromSource")]
    [InlineData("Unable to resolve address 'nosuch.lab' service '49152': Temporary failure in name resolution", "SourceNotResolving")]
    [InlineData("unable to connect to server at '10.77.0.11:49999': Connection refused", "MigrationPortUnreachable")]
    // Before it begins.
    [InlineData("internal error: Attempt to migrate guest to the same host 00000011-1ab0-4000-8000-000000000011", "SameHost")]
    [InlineData("Requested operation is not valid: domain 'gf' is already active", "DomainExists")]
    [InlineData("Requested operation is not valid: domain is already active", "DomainExists")]
    // What people named is no word of libvirt's.
    [InlineData("unable to connect to server at 'gnutls1:16509': Connection refused", "HostUnreachable")]
    [InlineData("unable to connect to server at 'certificate.lab:49152': Connection refused", "MigrationPortUnreachable")]
    [InlineData("Requested operation is not valid: storage pool 'domain' is already active", "LibvirtFailed")]
    [InlineData("operation failed: domain 'same host' already exists with uuid e148a2c5-9024-49e0-b441-2d7ba850ada1", "DomainExists")]
    [InlineData("operation failed: domain 'running' already exists with uuid e148a2c5-9024-49e0-b441-2d7ba850ada1", "DomainExists")]
    [InlineData("Unsafe migration: Migration without shared storage is unsafe", "UnsafeStorage")]
    [InlineData("Unsafe migration: Migration may lead to data corruption if disks use cache other than none or directsync", "UnsafeCache")]
    [InlineData("Domain not found: no domain with matching name 'nosuch'", "DomainNotFound")]
    [InlineData("Network not found: no network with matching name 'lan'", "NetworkMissing")]
    [InlineData("Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainMigratePerform3Params)", "DomainLocked")]
    [InlineData("Requested operation is not valid: domain is not running", "DomainNotRunning")]
    [InlineData("invalid argument: Unsupported compression method 'zstd'", "NotSupported")]
    [InlineData("cannot limit locked memory of process 110 to 268435456: Operation not permitted", "MemoryNotLockable")]
    [InlineData("Operation not supported: pre-creation of storage targets for incremental storage migration is not supported", "NotSupported")]
    [InlineData("this function is not supported by the connection driver: virDomainMigrateSetMaxDowntime", "NotSupported")]
    [InlineData("operation failed: guest CPU doesn't match specification: missing features: svm", "CpuIncompatible")]
    [InlineData("the CPU is incompatible with host CPU: Host CPU does not provide required features: avx512f", "CpuIncompatible")]
    [InlineData("operation failed: guest CPU doesn't match specification: extra features: avx,missing features: svm", "CpuIncompatible")]
    [InlineData("internal error: Unknown CPU feature zero-copy", "CpuIncompatible")]
    [InlineData("unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support machine type 'pc-i440fx-10.0'", "MachineTypeMissing")]
    // Storage and memory.
    [InlineData("Storage pool not found: no storage pool with matching target path '/var/lib/libvirt/images'", "DiskNotAccessible")]
    [InlineData("Cannot access storage file '/var/lib/libvirt/images/vm1.img': No such file or directory", "DiskNotAccessible")]
    [InlineData("internal error: process exited while connecting to monitor: qemu-system-x86_64: -blockdev {}: Could not open '/x.img': Permission denied", "DiskNotAccessible")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: Failed to get \"write\" lock\nIs another process using the image [/x.img]?", "DiskNotAccessible")]
    [InlineData("internal error: unable to execute QEMU command 'block-export-add': Block node is read-only", "DiskNotAccessible")]
    [InlineData("internal error: process exited while connecting to monitor: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory", "InsufficientMemory")]
    // In the middle.
    [InlineData("operation aborted: job 'migration out' canceled by client", "Stopped")]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Bad file descriptor", "DestinationQemuFailed")]
    // B016.
    [InlineData("internal error: unable to execute QEMU command 'blockdev-add': address resolution failed for b:49153: Name or service not known", "SourceNotResolving")]
    // B031.
    [InlineData("internal error: qemu unexpectedly closed the monitor: 2026-09-02T10:11:12.131415Z qemu-kvm: Features 0x130afe7a3 unsupported. Allowed features: 0x179bfffe7\nqemu-kvm: Failed to load virtio-net:virtio\nqemu-kvm: load of migration failed: Operation not permitted", "DeviceStateRejected")]
    [InlineData("internal error: QEMU unexpectedly closed the monitor (vm='web'): qemu-kvm: Failed to load PCIDevice:config\nqemu-kvm: error while loading state for instance 0x0 of device '0000:00:02.0/virtio-net'\nqemu-kvm: load of migration failed: Invalid argument", "DeviceStateRejected")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: Unknown savevm section or instance '0000:00:05.0/pcie-root-port' 0", "DeviceStateRejected")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: Size mismatch: 0000:00:03.0/virtio-net-pci.rom: 0x40000 != 0x80000: Invalid argument", "DeviceStateRejected")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: Failed to load virtio-blk:virtio\nqemu-system-x86_64: load of migration failed: Input/output error", "DestinationQemuFailed")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: load of migration failed: Input/output error", "DestinationQemuFailed")]
    [InlineData("internal error: qemu unexpectedly closed the monitor", "DestinationQemuFailed")]
    [InlineData("internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: check_section_footer: Read section footer failed: -5", "DestinationQemuFailed")]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Broken pipe", "StreamBroken")]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Connection reset by peer", "StreamBroken")]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Connection timed out", "StreamBroken")]
    [InlineData("operation failed: job 'migration out' failed: Unable to read from socket: Connection reset by peer", "StreamBroken")]
    [InlineData("Unable to read from monitor: Connection reset by peer", "SourceQemuFailed")]
    [InlineData("internal error: End of file from qemu monitor (vm='web')", "SourceQemuFailed")]
    [InlineData("operation failed: domain is not running", "DomainNotRunning")]
    // Post-copy.
    [InlineData("operation failed: job 'migration in' failed in post-copy phase", "PostCopyBroken")]
    [InlineData("Requested operation is not valid: QEMU reports migration is still running", "PostCopyBroken")]
    [InlineData("Requested operation is not valid: cannot abort migration in post-copy mode", "CannotAbortPostCopy")]
    [InlineData("Requested operation is not valid: switching to post-copy requires migration to be started with VIR_MIGRATE_POSTCOPY flag", "PostCopyNotPossible")]
    [InlineData("Requested operation is not valid: post-copy can only be started while outgoing migration is in progress", "PostCopyNotPossible")]
    // Nothing that the table knows.
    [InlineData("internal error: something that nobody has seen before", "LibvirtFailed")]
    [InlineData("Unable to shut down socket: Transport endpoint is not connected", "HostUnreachable")]
    public void A_message_becomes_the_fault_that_it_is(string message, string fault) =>
        Assert.Equal(fault, LibvirtFaults.Classify(CodeOf(message), message).Id);

    [Theory]
    [InlineData(LibvirtErrorCode.AuthFailed, "AuthenticationFailed")]
    [InlineData(LibvirtErrorCode.AuthCancelled, "AuthenticationFailed")]
    [InlineData(LibvirtErrorCode.AuthUnavailable, "AuthenticationFailed")]
    [InlineData(LibvirtErrorCode.AccessDenied, "PermissionDenied")]
    [InlineData(LibvirtErrorCode.OperationDenied, "PermissionDenied")]
    [InlineData(LibvirtErrorCode.GnuTls, "CertificateRejected")]
    [InlineData(LibvirtErrorCode.LibSsh, "HostUnreachable")]
    [InlineData(LibvirtErrorCode.OperationTimeout, "DomainLocked")]
    [InlineData(LibvirtErrorCode.ResourceBusy, "DomainLocked")]
    [InlineData(LibvirtErrorCode.ConfigUnsupported, "NotSupported")]
    [InlineData(LibvirtErrorCode.NoSupport, "NotSupported")]
    [InlineData(LibvirtErrorCode.CpuIncompatible, "CpuIncompatible")]
    [InlineData(LibvirtErrorCode.MigratePersistFailed, "LibvirtFailed")]
    [InlineData((LibvirtErrorCode)999, "LibvirtFailed")]
    public void Where_words_say_nothing_the_code_decides(LibvirtErrorCode code, string fault) =>
        Assert.Equal(fault, LibvirtFaults.Classify(code, "in words of another language").Id);

    [Fact]
    public void A_specific_code_is_not_overruled_by_words() =>
        Assert.Equal(Faults.DomainNotFound, LibvirtFaults.Classify(LibvirtErrorCode.NoDomain, "Domain not found: Connection refused"));

    [Fact]
    public void An_exception_carries_all_that_libvirt_said()
    {
        var error = new LibvirtException(LibvirtErrorCode.MigrateUnsafe, 10, "Unsafe migration: no\n", "virDomainMigrate3", "a");
        Assert.Equal("a: Unsafe migration: no.", error.Message);
        Assert.Equal("Unsafe migration: no\n", error.LibvirtMessage);
        Assert.Equal((Faults.UnsafeStorage, "a", 10, "virDomainMigrate3"), (error.Fault, error.Host, error.ErrorDomain, error.Function));
        Assert.Equal("Unsafe migration: no.", new LibvirtException(LibvirtErrorCode.MigrateUnsafe, 10, "Unsafe migration: no.", "x", null).Message);
    }

    /// <summary>libvirt begins the messages of a code with the same words (virErrorMsg); those of the system have none.</summary>
    private static LibvirtErrorCode CodeOf(string message) => Array.Find(Prefixes, row => message.StartsWith(row.Words, StringComparison.Ordinal)).Code is var code and not 0
        ? code
        : LibvirtErrorCode.SystemError;

    private static readonly (string Words, LibvirtErrorCode Code)[] Prefixes =
    [
        ("internal error: ", LibvirtErrorCode.InternalError),
        ("this function is not supported", LibvirtErrorCode.NoSupport),
        ("no connection driver available", LibvirtErrorCode.NoConnect),
        ("invalid argument: ", LibvirtErrorCode.InvalidArgument),
        ("operation failed: ", LibvirtErrorCode.OperationFailed),
        ("operation forbidden: ", LibvirtErrorCode.OperationDenied),
        ("Domain not found", LibvirtErrorCode.NoDomain),
        ("Network not found", LibvirtErrorCode.NoNetwork),
        ("authentication failed", LibvirtErrorCode.AuthFailed),
        ("authentication unavailable", LibvirtErrorCode.AuthUnavailable),
        ("Storage pool not found", LibvirtErrorCode.NoStoragePool),
        ("Requested operation is not valid: ", LibvirtErrorCode.OperationInvalid),
        ("unsupported configuration: ", LibvirtErrorCode.ConfigUnsupported),
        ("Timed out during operation: ", LibvirtErrorCode.OperationTimeout),
        ("operation aborted: ", LibvirtErrorCode.OperationAborted),
        ("Unsafe migration: ", LibvirtErrorCode.MigrateUnsafe),
        ("Operation not supported: ", LibvirtErrorCode.OperationUnsupported),
        ("the CPU is incompatible with host CPU", LibvirtErrorCode.CpuIncompatible),
    ];
}
