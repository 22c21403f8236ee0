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

    internal static Fault Classify(string errorClass, string description) => errorClass switch
    {
        // QEMU has this class for a command that comes before or after its time as well.
        "CommandNotFound" => Faults.QemuCommandNotFound,
        "DeviceNotFound" => Faults.QemuDeviceNotFound,
        "DeviceNotActive" => Faults.QemuStateWrong,
        "KVMMissingCap" => Faults.NotSupported,
        _ => Array.Find(ByWords, row => row.Words.IsMatch(description)).Fault ?? Faults.QemuFailed,
    };

    private static (Regex Words, Fault Fault) Row(string words, Fault fault) =>
        (new Regex(words, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase), fault);
}
