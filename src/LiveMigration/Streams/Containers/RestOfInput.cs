using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams.Containers;

/// <summary>What is left of an input, for a decompressor.</summary>
internal sealed class RestOfInput(StreamInput input) : Stream
{
    private readonly byte[] _tail = new byte[4];

    /// <summary>The last four bytes that were read.</summary>
    internal ReadOnlySpan<byte> Tail => _tail;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var part = input.Peek(Math.Min(buffer.Length, StreamInput.Window));
        part.CopyTo(buffer);
        var kept = Math.Max(0, _tail.Length - part.Length);
        _tail.AsSpan(_tail.Length - kept).CopyTo(_tail);
        part[^Math.Min(part.Length, _tail.Length)..].CopyTo(_tail.AsSpan(kept));
        input.Skip((ulong)part.Length);
        return part.Length;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
