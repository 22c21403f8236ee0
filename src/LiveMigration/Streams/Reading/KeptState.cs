using System.Diagnostics.CodeAnalysis;

namespace LiveMigration.Streams.Reading;

/// <summary>The bytes of a device's state, kept until its description comes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Memory alone.")]
internal sealed class KeptState
{
    /// <summary>The most that is kept of one device.</summary>
    internal const int Most = 1 << 24;

    private readonly MemoryStream _bytes = new();

    /// <summary>Whether it was too long to be kept.</summary>
    internal bool IsTooLong { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        IsTooLong |= _bytes.Length + bytes.Length > Most;
        if (IsTooLong)
            _bytes.SetLength(0);
        else
            _bytes.Write(bytes);
    }

    internal void Clear() => _bytes.SetLength(0);
}
