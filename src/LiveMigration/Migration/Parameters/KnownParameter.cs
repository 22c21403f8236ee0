using static LiveMigration.Migration.Parameters.MigrationParameterUnit;

namespace LiveMigration.Migration.Parameters;

/// <summary>
/// What QEMU's schema does not tell: unit, default, range and meaning, from qapi/migration.json and from
/// <c>migrate_params_check</c> of QEMU 7.2 to 10.2. Which parameters there are, QEMU tells itself.
/// </summary>
internal sealed record KnownParameter(string Meaning)
{
    internal MigrationParameterUnit Unit { get; init; }

    internal object? Default { get; init; }

    internal long? Minimum { get; init; }

    internal long? Maximum { get; init; }

    /// <summary>Another parameter that is the least.</summary>
    internal string? NotBelow { get; init; }

    internal bool PowerOfTwo { get; init; }

    /// <summary>What sets it where libvirt would undo it.</summary>
    internal string? SetWith { get; init; }

    private const string QemuConf = "libvirt's qemu.conf";

    private static readonly Dictionary<string, KnownParameter> All = new()
    {
        ["announce-initial"] = Time("Delay before the second announcement that the VM has moved.", 50, 0, 100_000),
        ["announce-max"] = Time("Maximum delay between two announcements.", 550, 0, 100_000),
        ["announce-rounds"] = Number("Number of announcements to the network that the VM has moved.", 5, 0, 1000),
        ["announce-step"] = Time("Increase of the delay after each announcement.", 100, 1, 10_000),
        ["avail-switchover-bandwidth"] = new("Bandwidth that QEMU assumes when it decides to switch over; 0: the measured bandwidth.")
            { Unit = BytesPerSecond, Default = 0L, Minimum = 0 },
        ["block-bitmap-mapping"] = new("Names of disks and dirty bitmaps on the destination."),
        ["block-incremental"] = Truth("Copy only the data on top of the backing file, with the capability block.", false),
        ["compress-level"] = Number("0: none, 1: fast, 9: small; with the capability compress.", 1, 0, 9),
        ["compress-threads"] = Number("Number of compression threads.", 8, 1, 255),
        ["compress-wait-thread"] = Truth("Wait for a free thread instead of sending a page uncompressed.", true),
        ["cpr-exec-command"] = new("The command that QEMU executes in mode cpr-exec."),
        ["cpu-throttle-increment"] = Share("Increase of the guest CPU throttling in each step.", 10, 1, 99),
        ["cpu-throttle-initial"] = Share("Initial guest CPU throttling, with the capability auto-converge.", 20, 1, 99),
        ["cpu-throttle-tailslow"] = Truth("Throttle the guest CPUs in smaller steps near the end.", false),
        ["decompress-threads"] = Number("Number of decompression threads on the destination.", 2, 1, 255),
        ["direct-io"] = Truth("Bypass the page cache when migrating to a file.", false),
        ["downtime-limit"] = Time("Maximum downtime of the guest.", 300, 0, 2_000_000) with { SetWith = "Set-MigrationDowntime" },
        ["max-bandwidth"] = new("Maximum bandwidth of the migration.")
            { Unit = BytesPerSecond, Default = 128L << 20, Minimum = 0, SetWith = "Set-MigrationBandwidth" },
        ["max-cpu-throttle"] = Share("Maximum guest CPU throttling.", 99, 1, 99) with { NotBelow = "cpu-throttle-initial" },
        ["max-postcopy-bandwidth"] = new("Maximum bandwidth of background pages in post-copy (pages that the guest waits for are not limited); 0: no limit.")
            { Unit = BytesPerSecond, Default = 0L, Minimum = 0, SetWith = "Set-MigrationBandwidth -PostCopy" },
        ["mode"] = new("Migration mode.") { Default = "normal" },
        ["multifd-channels"] = Number("Number of parallel connections, with the capability multifd.", 2, 1, 255),
        ["multifd-compression"] = new("Compression of parallel connections.") { Default = "none" },
        ["multifd-qatzip-level"] = Number("1: fast, 9: small.", 1, 1, 9),
        ["multifd-zlib-level"] = Number("0: none, 1: fast, 9: small.", 1, 0, 9),
        ["multifd-zstd-level"] = Number("0: zstd's own default, 1: fast, 20: small.", 1, 0, 20),
        ["throttle-trigger-threshold"] = Share("The guest is throttled when it dirties more than this share of the sent data, twice.", 50, 1, 100),
        ["tls-authz"] = new("Authorization of TLS clients.") { Default = "", SetWith = QemuConf },
        ["tls-creds"] = new("ID of the TLS credentials object.") { Default = "", SetWith = QemuConf },
        ["tls-hostname"] = new("Expected name in the destination's certificate.") { Default = "", SetWith = QemuConf },
        ["vcpu-dirty-limit"] = Number("Maximum dirty rate of each virtual CPU in MB/s, with the capability dirty-limit.", 1, 1, null),
        ["x-checkpoint-delay"] = Time("Delay between two COLO checkpoints.", 20_000, 0, uint.MaxValue),
        ["x-vcpu-dirty-limit-period"] = Time("Interval at which the dirty limit is checked.", 1000, 1, 1000),
        ["xbzrle-cache-size"] = new("Cache size for previously sent pages, with the capability xbzrle.")
            { Unit = Bytes, Default = 64L << 20, Minimum = 4096, PowerOfTwo = true },
        ["zero-page-detection"] = new("Where zero pages are detected."),
    };

    internal static IReadOnlyCollection<string> Names => All.Keys;

    internal static KnownParameter Of(string name) => All.GetValueOrDefault(name) ?? new KnownParameter("");

    private static KnownParameter Number(string meaning, long normal, long minimum, long? maximum) =>
        new(meaning) { Default = normal, Minimum = minimum, Maximum = maximum };

    private static KnownParameter Time(string meaning, long normal, long minimum, long maximum) =>
        Number(meaning, normal, minimum, maximum) with { Unit = Milliseconds };

    private static KnownParameter Share(string meaning, long normal, long minimum, long maximum) =>
        Number(meaning, normal, minimum, maximum) with { Unit = Percent };

    private static KnownParameter Truth(string meaning, bool normal) => new(meaning) { Default = normal };
}
