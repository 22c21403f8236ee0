using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>What a user asks of a migration. The defaults are those of a careful administrator.</summary>
public sealed record MigrationOptions
{
    /// <summary>Peer-to-peer where that works, live, the definition moves along.</summary>
    public static readonly MigrationOptions Default = new();

    /// <summary>Who controls the migration.</summary>
    public MigrationMode Mode { get; init; }

    /// <summary>Limit of the memory stream; null leaves libvirt's (unlimited).</summary>
    public Bandwidth? Bandwidth { get; init; }

    /// <summary>The maximum downtime at the end; null leaves QEMU's 300 ms. At most 2,000 s.</summary>
    public Duration? MaxDowntime { get; init; }

    /// <summary>Slow the guest down while it dirties memory faster than it can be sent.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>How much auto-converge slows the guest down at first, in percent, 1 to 99; null leaves QEMU's 20.</summary>
    public int? AutoConvergeInitial { get; init; }

    /// <summary>How much more with each step, in percent, 1 to 99; null leaves QEMU's 10.</summary>
    public int? AutoConvergeIncrement { get; init; }

    /// <summary>Number of connections for memory (multifd), 1 to 255; null is one channel without multifd.</summary>
    public int? Parallel { get; init; }

    /// <summary>How pages are compressed.</summary>
    public MigrationCompression Compression { get; init; }

    /// <summary>How hard to compress: 1 to 9 for zlib, 1 to 20 for zstd, 0 to 9 for mt; null leaves QEMU's 1.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Threads that compress with mt, 1 to 255; null leaves QEMU's 8.</summary>
    public int? CompressionThreads { get; init; }

    /// <summary>Memory in which xbzrle remembers pages; null leaves QEMU's 64 MiB.</summary>
    public ByteSize? XbzrleCache { get; init; }

    /// <summary>Let the kernel send pages without copying them; needs several connections and locked memory.</summary>
    public bool ZeroCopy { get; init; }

    /// <summary>After this long, <see cref="OnTimeout"/> happens; null is never.</summary>
    public Duration? Timeout { get; init; }

    /// <summary>What happens after <see cref="Timeout"/>; null is <see cref="TimeoutAction.Abort"/>.</summary>
    public TimeoutAction? OnTimeout { get; init; }

    /// <summary>Prepare for a switch to post-copy, on demand or on time-out.</summary>
    public bool PostCopy { get; init; }

    /// <summary>Switch to post-copy as soon as all memory was sent once.</summary>
    public bool PostCopyAfterFirstPass { get; init; }

    /// <summary>Limit of the memory stream after the switch to post-copy; null is unlimited.</summary>
    public Bandwidth? PostCopyBandwidth { get; init; }

    /// <summary>Recover when the connection breaks in post-copy, for as long as <see cref="StallTimeout"/> times ten.</summary>
    public bool RecoverPostCopy { get; init; }

    /// <summary>Host CPUs for the source's migration threads while it lasts, away from the guest's; null leaves them.</summary>
    public IReadOnlyList<int>? CpuAffinity { get; init; }

    /// <summary>Move the definition of a domain that does not run.</summary>
    public bool Offline { get; init; }

    /// <summary>Leave the definition on the source, shut off.</summary>
    public bool KeepSource { get; init; }

    /// <summary>Another name for the domain on the destination.</summary>
    public string? NewName { get; init; }

    /// <summary>Where the memory stream goes, as the source reaches it, for example <c>tcp://10.0.0.2</c> or <c>tcp://b:49160</c>.</summary>
    public string? MigrationUri { get; init; }

    /// <summary>The address on which the destination listens for the stream.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>The port on which the destination takes copied disks; null lets libvirt choose.</summary>
    public int? DisksPort { get; init; }

    /// <summary>Whether memory and disks are encrypted.</summary>
    public MigrationTls Tls { get; init; }

    /// <summary>The name in the destination's certificate, where it is not the one that its migration address has.</summary>
    public string? TlsName { get; init; }

    /// <summary>The destination's libvirt URI as the source host reaches it; null derives it from the destination's connection.</summary>
    public string? DestinationUri { get; init; }

    /// <summary>Migrate although libvirt considers the disks or their cache mode unsafe.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Migrate although the destination has less memory available than the domain may use.</summary>
    public bool AllowMemoryOvercommit { get; init; }

    /// <summary>The definition to use on the destination instead of the domain's own.</summary>
    public string? DestinationXml { get; init; }

    /// <summary>New source by target name: another path, or another pool, for <c>vda</c> on the destination.</summary>
    public IReadOnlyDictionary<string, string> DiskMap { get; init; } = new Dictionary<string, string>();

    /// <summary>What happens to the disks.</summary>
    public StorageOptions Storage { get; init; } = StorageOptions.Default;

    /// <summary>New network, bridge or interface by old one.</summary>
    public IReadOnlyDictionary<string, string> NetworkMap { get; init; } = new Dictionary<string, string>();

    /// <summary>The address on which the destination offers the domain's screen.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>A migration that moves nothing for this long is aborted; it counts from when the destination is ready to receive.</summary>
    public Duration StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the destination may prepare (hooks, huge pages, preallocated memory) until the migration is aborted.</summary>
    public Duration PrepareTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the guest may go on on the destination before all of its memory is there.</summary>
    internal bool MayPostCopy => PostCopy || PostCopyAfterFirstPass || OnTimeout is TimeoutAction.PostCopy;

    /// <summary>Checks what can be checked without asking a host.</summary>
    /// <exception cref="Errors.LiveMigrationException">Options contradict each other, or cannot be; the message names all of them.</exception>
    public void Validate() => OptionRules.Check(this);

    /// <summary>What differs from the defaults, for example <c>Bandwidth 500 MiB/s, AutoConverge</c>.</summary>
    public override string ToString() => string.Join(", ", typeof(MigrationOptions).GetProperties()
        .Select(option => (option.Name, Value: option.GetValue(this), Usual: option.GetValue(Default)))
        .Where(option => option.Value is IReadOnlyDictionary<string, string> map ? map.Count > 0 : !Equals(option.Value, option.Usual))
        .Select(option => option.Value switch
        {
            true => option.Name,
            IReadOnlyDictionary<string, string> map => $"{option.Name} {string.Join(' ', map.Select(pair => $"{pair.Key}={pair.Value}"))}",
            StorageOptions storage => storage.ToString(),
            IReadOnlyList<int> numbers => $"{option.Name} {string.Join(',', numbers)}",
            _ => $"{option.Name} {(option.Name == nameof(DestinationXml) ? "given" : option.Value)}",
        }));
}
