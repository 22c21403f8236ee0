using LiveMigration.Units;

namespace LiveMigration.Interop.Qmp;

/// <summary>How a monitor is connected to, and what it may send.</summary>
public sealed record QmpOptions
{
    private readonly ByteSize _maxMessageSize = new(16L << 20);
    private readonly int _eventBuffer = 1024;

    /// <summary>What suits all but the strangest monitors.</summary>
    public static readonly QmpOptions Default = new();

    /// <summary>The time limit for connecting, greeting and negotiation included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The largest answer that is taken, 1 KiB to 1 GiB: 16 MiB unless told. QEMU 7.2's <c>query-qmp-schema</c> has 207 kB;
    /// libvirt takes up to 10 MiB (<c>QEMU_MONITOR_MAX_RESPONSE</c>).
    /// </summary>
    public ByteSize MaxMessageSize
    {
        get => _maxMessageSize;
        init => _maxMessageSize = value.Bytes is >= 1 << 10 and <= 1 << 30
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The size must be between 1 KiB and 1 GiB.");
    }

    /// <summary>How many events wait for a slow reader before the oldest make way; at least 1.</summary>
    public int EventBuffer
    {
        get => _eventBuffer;
        init => _eventBuffer = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There must be room for one event at least.");
    }
}
