using System.Text.RegularExpressions;

namespace LiveMigration.Errors;

/// <summary>
/// QMP's class and words → row of the table. QEMU has few classes (<c>QapiErrorClass</c>) and adds none any more: nearly all
/// errors are a <c>GenericError</c>, and only its words tell what is wrong.
/// </summary>
internal static class QmpFaults
{
    private static readonly (Regex Words, Fault Fault)[] ByWords =
    [
        Row("migration process in progress|another thread", Faults.MigrationInProgress),
        Row("^(Invalid )?parameter |does not accept value|expects|argument|unknown migration protocol|QMP input", Faults.QemuArgumentInvalid),
        Row("address resolution failed|Name or service not known|Temporary failure in name resolution", Faults.HostNotFound),
        Row("Failed to get (shared )?\"|Block node is read-only", Faults.DiskNotAccessible),
        Row("Cannot allocate memory|cannot set up guest memory", Faults.InsufficientMemory),
        Row("TLS|x509|certificate", Faults.CertificateRejected),
        Row("support OOB|not supported|unsupported|not compatible|incompatible|requires|non-migratable", Faults.NotSupported),
        Row("only supported (during|when)|expected state|was not specified|not (been )?(started|active|running|enabled)|before the start|already|in use|busy",
            Faults.QemuStateWrong),
        Row("(cannot|could not|failed to) find|not found|no such (device|node|job|object)", Faults.QemuDeviceNotFound),
    ];

    private static readonly (Regex Words, Fault Fault)[] OfStreams =
    [
        Row("TLS|x509|certificate", Faults.CertificateRejected),
        Row("Connection refused|No route to host|Network is unreachable|timed out|No such file or directory", Faults.MigrationPortUnreachable),
        Row("Machine type received|Features 0x[0-9a-f]+ unsupported|Failed to load (?!\\S*ram:)\\S+:(?![\\s\\S]*Input/output error)|Unknown savevm section|Unknown ramblock|(Size|Length) mismatch|Missing section footer|load of migration failed: (Invalid argument|Operation not permitted)",
            Faults.DeviceStateRejected),
        Row("Cannot allocate memory|cannot set up guest memory", Faults.InsufficientMemory),
        Row("lock\\b.*memory|MSG_ZEROCOPY", Faults.MemoryNotLockable),
        Row("load of migration failed|Unable to (write|read)|channel|Broken pipe|reset by peer|Input/output error", Faults.StreamBroken),
    ];

    internal static Fault Classify(string errorClass, string description) => errorClass switch
    {
        // QEMU has this class for a command that comes before or after its time as well.
        "CommandNotFound" => Faults.QemuCommandNotFound,
        "DeviceNotFound" => Faults.QemuDeviceNotFound,
        "DeviceNotActive" => Faults.QemuStateWrong,
        "KVMMissingCap" => Faults.NotSupported,
        _ => Array.Find(ByWords, row => row.Words.IsMatch(description)).Fault ?? Faults.QemuFailed,
    };

    /// <summary>What QEMU says of a guest that it could not send or load → row of the table; null for what no row is about.</summary>
    internal static Fault? ClassifyStream(string description) => Array.Find(OfStreams, row => row.Words.IsMatch(description)).Fault;

    private static (Regex Words, Fault Fault) Row(string words, Fault fault) =>
        (new Regex(words, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase), fault);
}
