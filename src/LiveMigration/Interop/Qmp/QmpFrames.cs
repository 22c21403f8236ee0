namespace LiveMigration.Interop.Qmp;

/// <summary>
/// Cuts a stream of bytes into messages. A message is a line; a monitor with <c>pretty=on</c> spreads it over several, the
/// first of which is <c>{</c> and the last <c>}</c>.
/// </summary>
internal sealed class QmpFrames(int limit)
{
    private const int Small = 4 << 10;
    private const int Large = 64 << 10;

    private byte[] _buffer = new byte[Small];
    private int _message; // Where the unfinished message begins,
    private int _line; // its unfinished line,
    private int _searched; // what was not searched for that line's end,
    private int _end; // and what is not filled.
    private bool _spread;

    /// <summary>Whether a message has grown past the limit, complete or not. Its end not being known, it cannot be skipped.</summary>
    internal bool IsTooLarge { get; private set; }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next complete message, valid until the next <see cref="Append"/>.</summary>
    internal bool TryTake(out ReadOnlySpan<byte> message)
    {
        while (!IsTooLarge && TryTakeLine(out var line))
        {
            // What is nested is indented, so a bare brace is the first line or the last.
            _spread = _spread ? !line.SequenceEqual("}"u8) : line.SequenceEqual("{"u8);
            if (_spread)
                continue;
            message = _buffer.AsSpan(_message, _line - _message).Trim(" \t\r\n"u8);
            _message = _line;
            IsTooLarge = message.Length > limit;
            if (!message.IsEmpty && !IsTooLarge)
                return true;
        }

        message = default;
        IsTooLarge |= _end - _message > limit;
        return false;
    }

    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        _searched += length + 1;
        line = _buffer.AsSpan(_line, _searched - 1 - _line).TrimEnd((byte)'\r');
        _line = _searched;
        return true;
    }

    private void MakeRoom(int wanted)
    {
        var kept = _buffer.AsSpan(_message, _end - _message);
        var needed = kept.Length + wanted;
        // One large answer must not hold its memory for ever.
        var stays = needed <= _buffer.Length && _buffer.Length <= Large;
        var target = stays ? _buffer : new byte[Math.Max(Small, needed + (needed >> 1))];
        kept.CopyTo(target);
        _buffer = target;
        _line -= _message;
        _searched -= _message;
        _end -= _message;
        _message = 0;
    }
}
