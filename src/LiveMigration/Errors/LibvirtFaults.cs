using System.Text.RegularExpressions;

namespace LiveMigration.Errors;

/// <summary>
/// libvirt's code and words → row of the table. Codes decide where they are specific; <c>VIR_ERR_OPERATION_FAILED</c> and its
/// like carry QEMU's and the system's own words, which libvirt has kept for years and tests hold against real daemons.
/// </summary>
internal static partial class LibvirtFaults
{
    private static readonly (Regex Words, Fault Fault)[] ByWords =
    [
        // The source's daemon speaks of the destination's: must stand before what it quotes.
        Row("Failed to connect to remote libvirt URI", Faults.DestinationUnreachableFromSource),

        // A mirror's end, in the words of the system.
        Row("migration of disk .* failed: No space left|No space left on device", Faults.DestinationStorageFull),
        Row("migration of disk .* failed: .*different sizes", Faults.ImagesDiffer),
        Row("migration of disk .* failed: (Input/output error|Connection|Broken pipe)", Faults.StreamBroken),

        // The destination has another value of the secret than the source.
        Row("cannot unlock any keyslot", Faults.SecretMissing),

        // What a daemon that died in the middle of a copy left under the names that the next one uses.
        Row("Duplicate nodes with node-name|Job ID \\S* ?(is )?already in use|Bitmap already exists", Faults.CopyLeftover),

        // Words of QEMU's about its own connections: must stand before the daemons' about theirs.
        Row("failed in post-copy phase|QEMU reports migration is still running", Faults.PostCopyBroken),
        Row("cannot abort migration in post-copy", Faults.CannotAbortPostCopy),
        Row("switching to post-copy requires|post-copy can only be started", Faults.PostCopyNotPossible),
        Row("Unable to write to socket: Bad file descriptor|Cannot write to TLS channel", Faults.DestinationQemuFailed),
        Row("Unable to (read from|write to) monitor|End of file from qemu monitor", Faults.SourceQemuFailed),
        Row("Unable to (write to|read from) socket", Faults.StreamBroken),

        Row("Host key verification failed|host key .*(changed|unknown|mismatch)", Faults.HostKeyRejected),
        Row("(Failed to connect socket to|cannot connect to) .*Permission denied|polkit|denied by policy", Faults.PermissionDenied),
        Row("Permission denied \\(|authentication failed(?!.*(certificate|handshake|TLS))|no agent callback|authentication callback", Faults.AuthenticationFailed),
        Row("host migration TLS directory not configured|TLS migration is not supported with this QEMU|Unable to access credentials \\S*ca-cert.pem: No such file", Faults.TlsNotSetUp),
        Row("only with VIR_MIGRATE_TLS", Faults.TlsDemanded),
        Row("'object-add'.*: .*(certificate|credentials|x509|tls)", Faults.CertificateUnusable),
        Row("certificate|TLS handshake|access credentials|x509|tls-creds|gnutls", Faults.CertificateRejected),

        Row("Unable to resolve address '[^']*' service '49\\d{3}'|address resolution failed for \\S+:49\\d{3}\\b", Faults.SourceNotResolving),
        Row("(unable to connect|Failed to connect|connect to).*:49\\d{3}\\b|:49\\d{3}['\"]?: (Connection|No route)", Faults.MigrationPortUnreachable),
        Row("Unable to resolve address|Could not resolve hostname|Name or service not known|Temporary failure in name resolution", Faults.HostNotFound),
        Row("no connection driver available|URI scheme|unable to parse URI|no such driver|not a valid URI|Unexpected .* URI path|transport in URL not recognised|transport methods", Faults.UriInvalid),
        Row("Connection refused|No route to host|Network is unreachable|Connection timed out|unable to connect to server|Failed to connect socket|cannot connect to|\\b(nc|virt-ssh-helper): (command )?not found", Faults.HostUnreachable),
        Row("client socket is closed|received hangup event on socket|received error event on socket|keepalive timeout|Cannot recv data|end of file|connection closed|Disconnected from|Connection reset by peer|Broken pipe|Cannot write data", Faults.ConnectionLost),

        Row("same host", Faults.SameHost),
        Row("domain ('' )?(is )?already (active|exists|running|defined)", Faults.DomainExists),
        Row("does not support machine type|unsupported machine type", Faults.MachineTypeMissing),
        Row("unknown CPU feature|CPU doesn't match specification|guest CPU is not compatible|CPU .*incompatible|unsupported CPU|missing features", Faults.CpuIncompatible),
        Row("held by|cannot acquire state change lock|another migration job", Faults.DomainLocked),
        Row("domain is not running", Faults.DomainNotRunning),
        Row("network not found|Network .* is not active|Cannot get interface MTU|bridge .* (not|does)", Faults.NetworkMissing),
        Row("Cannot access storage file|Could not open|Failed to get (shared )?\"(write|consistent read)\" lock|Failed to lock|Block node is read-only|storage (pool|volume) not found", Faults.DiskNotAccessible),
        Row("cannot limit locked memory|lock enough memory for using MSG_ZEROCOPY", Faults.MemoryNotLockable),
        Row("cannot set up guest memory|Cannot allocate memory", Faults.InsufficientMemory),
        // The end of a stream that broke is told with some of these words, and an error of input.
        Row("Features 0x[0-9a-f]+ unsupported|Failed to load (?!\\S*ram:)\\S+:(?![\\s\\S]*Input/output error)|Unknown savevm section|Unknown ramblock|(Size|Length) mismatch: |load of migration failed: (Invalid argument|Operation not permitted)", Faults.DeviceStateRejected),
        Row("qemu unexpectedly closed the monitor|load of migration failed", Faults.DestinationQemuFailed),
        Row("migration.*(stream|channel)|TLS channel", Faults.StreamBroken),
        Row("Unsupported compression|not supported", Faults.NotSupported),
    ];

    internal static Fault Classify(LibvirtErrorCode code, string message) => code switch
    {
        LibvirtErrorCode.NoDomain => Faults.DomainNotFound,
        LibvirtErrorCode.DomainExists => Faults.DomainExists,
        LibvirtErrorCode.MigrateUnsafe => message.Contains("use cache", StringComparison.Ordinal) ? Faults.UnsafeCache : Faults.UnsafeStorage,
        LibvirtErrorCode.CpuIncompatible => Faults.CpuIncompatible,
        LibvirtErrorCode.NoNetwork => Faults.NetworkMissing,
        LibvirtErrorCode.NoSecret => Faults.SecretMissing,
        LibvirtErrorCode.NoStoragePool => Faults.DiskNotAccessible,
        LibvirtErrorCode.OperationDenied or LibvirtErrorCode.AccessDenied => Faults.PermissionDenied,
        LibvirtErrorCode.OperationAborted => Faults.Stopped,
        LibvirtErrorCode.NoSupport => Faults.NotSupported,
        // The host is there; one of its daemons is not.
        _ when MissingDriver.In(message) is not null => Faults.NotSupported,
        _ => Array.Find(ByWords, row => row.Words.IsMatch(Unnamed(message))).Fault ?? ByCode(code),
    };

    /// <summary>The message without what people named: a host, a VM or a pool may be called after an error. Ports and QEMU's own names stay.</summary>
    private static string Unnamed(string message) => Quoted().Replace(message, quoted =>
        Kept().IsMatch(quoted.Groups[1].Value) ? quoted.Value : $"'{Port().Match(quoted.Groups[1].Value).Value}'");

    private static Fault ByCode(LibvirtErrorCode code) => code switch
    {
        LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthCancelled or LibvirtErrorCode.AuthUnavailable => Faults.AuthenticationFailed,
        LibvirtErrorCode.GnuTls => Faults.CertificateRejected,
        LibvirtErrorCode.Rpc or LibvirtErrorCode.SystemError or LibvirtErrorCode.Ssh or LibvirtErrorCode.LibSsh => Faults.HostUnreachable,
        LibvirtErrorCode.OperationTimeout or LibvirtErrorCode.ResourceBusy => Faults.DomainLocked,
        LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported or LibvirtErrorCode.ConfigUnsupported => Faults.NotSupported,
        _ => Faults.LibvirtFailed,
    };

    private static (Regex Words, Fault Fault) Row(string words, Fault fault) =>
        (new Regex(words, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase), fault);

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(object-add|migration out|\\d+)$")]
    private static partial Regex Kept();

    [GeneratedRegex(":\\d+$")]
    private static partial Regex Port();
}
