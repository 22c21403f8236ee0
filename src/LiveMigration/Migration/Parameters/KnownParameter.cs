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
        ["announce-initial"] = Time("Before the network is told the second time that the VM has moved.", 50, 0, 100_000),
        ["announce-max"] = Time("The longest time between two tellings.", 550, 0, 100_000),
        ["announce-rounds"] = Number("How often the network is told that the VM has moved.", 5, 0, 1000),
        ["announce-step"] = Time("What each time between tellings is longer than the last.", 100, 1, 10_000),
        ["avail-switchover-bandwidth"] = new("What the link is taken to carry when QEMU decides to switch over; 0: what was measured.")
            { Unit = BytesPerSecond, Default = 0L, Minimum = 0 },
        ["block-bitmap-mapping"] = new("Names of disks and dirty bitmaps at the destination."),
        ["block-incremental"] = Truth("Copy only what is above the backing file, with the capability block.", false),
        ["compress-level"] = Number("0: none, 1: fast, 9: small; with the capability compress.", 1, 0, 9),
        ["compress-threads"] = Number("Threads that compress.", 8, 1, 255),
        ["compress-wait-thread"] = Truth("Wait for a free thread rather than send a page as it is.", true),
        ["cpr-exec-command"] = new("The command that QEMU becomes in mode cpr-exec."),
        ["cpu-throttle-increment"] = Share("What the guest's CPUs are slowed down more, each time.", 10, 1, 99),
        ["cpu-throttle-initial"] = Share("What the guest's CPUs are slowed down at first, with the capability auto-converge.", 20, 1, 99),
        ["cpu-throttle-tailslow"] = Truth("Slow the CPUs down in smaller steps near the end.", false),
        ["decompress-threads"] = Number("Threads that decompress, at the destination.", 2, 1, 255),
        ["direct-io"] = Truth("Write past the page cache, where the stream goes to a file.", false),
        ["downtime-limit"] = Time("How long the guest may stand still.", 300, 0, 2_000_000) with { SetWith = "Set-MigrationDowntime" },
        ["max-bandwidth"] = new("What the migration may use of the network.")
            { Unit = BytesPerSecond, Default = 128L << 20, Minimum = 0, SetWith = "Set-MigrationBandwidth" },
        ["max-cpu-throttle"] = Share("What the guest's CPUs are slowed down at most.", 99, 1, 99) with { NotBelow = "cpu-throttle-initial" },
        ["max-postcopy-bandwidth"] = new("What is sent in post-copy besides pages that the guest waits for; 0: no limit.")
            { Unit = BytesPerSecond, Default = 0L, Minimum = 0, SetWith = "Set-MigrationBandwidth -PostCopy" },
        ["mode"] = new("How to migrate.") { Default = "normal" },
        ["multifd-channels"] = Number("Connections in parallel, with the capability multifd.", 2, 1, 255),
        ["multifd-compression"] = new("How parallel connections compress.") { Default = "none" },
        ["multifd-qatzip-level"] = Number("1: fast, 9: small.", 1, 1, 9),
        ["multifd-zlib-level"] = Number("0: none, 1: fast, 9: small.", 1, 0, 9),
        ["multifd-zstd-level"] = Number("0: zstd's own default, 1: fast, 20: small.", 1, 0, 20),
        ["throttle-trigger-threshold"] = Share("The guest is slowed down when it dirties more of what was sent than this, twice.", 50, 1, 100),
        ["tls-authz"] = new("Who may connect with TLS.") { Default = "", SetWith = QemuConf },
        ["tls-creds"] = new("The object with the TLS credentials.") { Default = "", SetWith = QemuConf },
        ["tls-hostname"] = new("The name in the destination's certificate.") { Default = "", SetWith = QemuConf },
        ["vcpu-dirty-limit"] = Number("MB/s that each virtual CPU may dirty, with the capability dirty-limit.", 1, 1, null),
        ["x-checkpoint-delay"] = Time("Between two checkpoints of COLO.", 20_000, 0, uint.MaxValue),
        ["x-vcpu-dirty-limit-period"] = Time("How often the dirty limit is looked at.", 1000, 1, 1000),
        ["xbzrle-cache-size"] = new("Memory for pages sent before, with the capability xbzrle.")
            { Unit = Bytes, Default = 64L << 20, Minimum = 4096, PowerOfTwo = true },
        ["zero-page-detection"] = new("Who looks for pages of zeros."),
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
