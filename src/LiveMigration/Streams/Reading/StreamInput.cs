using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LiveMigration.Streams.Reading;

/// <summary>
/// A stream read through one buffer. What is asked for is returned as a span into it, valid until the next call; nothing is allocated by what
/// a length in the stream says, and what is skipped in a file is not read.
/// </summary>
internal sealed class StreamInput
{
    /// <summary>The most that can be looked at in one piece.</summary>
    internal const int Window = 1 << 16;

    private const int Capacity = 1 << 19;

    private readonly byte[] _buffer;
    private readonly Stream _stream;
    private readonly CancellationToken _stop;
    private long _origin;
    private int _start;
    private int _end;
    private bool _ended;

    /// <param name="stream">Where the bytes come from; the caller closes it.</param>
    /// <param name="position">How the position of its first byte is counted, 0 or more.</param>
    /// <param name="stop">Gives up at the next read.</param>
    internal StreamInput(Stream stream, long position, CancellationToken stop)
    {
        (_stream, _origin, _stop) = (stream, position, stop);
        Length = stream.CanSeek ? position - stream.Position + stream.Length : null;
        _buffer = new byte[Math.Clamp((Length ?? Capacity) - position, Window, Capacity)];
    }

    /// <summary>How many bytes from the start of the file or of the decompressed stream the next one is.</summary>
    internal long Position => _origin + _start;

    /// <summary>Where the last byte ends; null where that is known only when it comes.</summary>
    internal long? Length { get; }

    /// <summary>Whether it can be gone back in.</summary>
    internal bool CanSeek => Length is not null;

    /// <summary>Whether no byte follows.</summary>
    internal bool IsAtEnd => Peek(1).IsEmpty;

    /// <summary>Up to so many of the next bytes, without taking them; fewer only where the stream ends.</summary>
    /// <param name="count">At most <see cref="Window"/>.</param>
    internal ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count)
            Fill(count);
        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>All that is in the buffer, at least so much where the stream has it.</summary>
    internal ReadOnlySpan<byte> Buffered(int atLeast)
    {
        _ = Peek(atLeast);
        return _buffer.AsSpan(_start.._end);
    }

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="BrokenStreamException">There are fewer.</exception>
    internal ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _start < count)
            Fill(count);
        if (_end - _start < count)
            ThrowCut(count);
        _start += count;
        return _buffer.AsSpan(_start - count, count);
    }

    internal byte Byte() => Take(1)[0];

    internal int UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>A name: its length in a byte, then its bytes. What is not printable is shown as <c>?</c>.</summary>
    internal string Name() => Text(Take(Byte()));

    /// <summary>Bytes as a text: ASCII, with <c>?</c> for all else.</summary>
    /// <param name="bytes">A few thousand at most.</param>
    internal static string Text(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length];
        for (var at = 0; at < text.Length; at++)
            text[at] = bytes[at] is >= 0x20 and < 0x7F ? (char)bytes[at] : '?';
        return new string(text);
    }

    /// <summary>Leaves out so many bytes.</summary>
    /// <exception cref="BrokenStreamException">There are fewer.</exception>
    internal void Skip(ulong count)
    {
        if (count <= (ulong)(_end - _start))
        {
            _start += (int)count;
            return;
        }

        if (Length is { } length)
        {
            if (count > (ulong)Math.Max(0, length - Position))
                throw new BrokenStreamException(length, $"The stream ends here, {Rest(count, length)} bytes too early.");
            SeekTo(Position + (long)count);
            return;
        }

        while (count > 0)
        {
            var part = Buffered(1).Length;
            if (part == 0)
                throw new BrokenStreamException(Position, $"The stream ends here, {count} bytes too early.");
            var taken = (int)Math.Min((ulong)part, count);
            _start += taken;
            count -= (ulong)taken;
        }
    }

    /// <summary>Goes to a position. Only where <see cref="CanSeek"/>.</summary>
    internal void SeekTo(long position)
    {
        if (position >= _origin && position <= _origin + _end)
        {
            _start = (int)(position - _origin);
            return;
        }

        _stream.Seek(position - (_origin + _end), SeekOrigin.Current);
        _origin = position;
        _start = _end = 0;
        _ended = false;
    }

    private string Rest(ulong count, long length) => (count - (ulong)(length - Position)).ToString(CultureInfo.InvariantCulture);

    private void Fill(int count)
    {
        if (_ended)
            return;
        if (_start + count > _buffer.Length || _start == _end)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _origin += _start;
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            _stop.ThrowIfCancellationRequested();
            var read = Read(_buffer.AsSpan(_end));
            if (read == 0)
            {
                _ended = true;
                return;
            }

            _end += read;
        }
    }

    private int Read(Span<byte> into)
    {
        try
        {
            return _stream.Read(into);
        }
        catch (InvalidDataException error)
        {
            throw new BrokenStreamException(_origin + _end, $"The compressed data are damaged: {error.Message}");
        }
    }

    [DoesNotReturn]
    private void ThrowCut(int count) =>
        throw new BrokenStreamException(_origin + _end, $"The stream ends here, {count - (_end - _start)} bytes too early.");
}
