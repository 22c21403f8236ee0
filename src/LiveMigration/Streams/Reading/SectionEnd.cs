using System.Buffers.Binary;

namespace LiveMigration.Streams.Reading;

/// <summary>
/// Where the state of a device ends. Nothing says how long it is, so its end is where its footer stands and what follows is a record. A
/// guest that has such bytes in a device's state, and wants to, can deceive this; where the stream has QEMU's description and can be gone back in,
/// lengths come from that instead.
/// </summary>
internal sealed class SectionEnd(StreamInput input, Func<uint, bool> isLive)
{
    private const byte Footer = 0x7E;

    /// <summary>As much as is looked at behind a footer: a record's kind, id, name, instance and version.</summary>
    private const int Ahead = 5 + 1 + 4 + 1 + 255 + 8;

    private const uint HighestVersion = 0xFFFF;

    /// <summary>Goes to the footer of a section and takes it; returns the length of what was before it.</summary>
    /// <param name="id">The section's number.</param>
    /// <param name="kept">Gets the bytes, up to a limit, or null.</param>
    /// <exception cref="BrokenStreamException">There is none up to the end.</exception>
    internal long Find(uint id, KeptState? kept)
    {
        var start = input.Position;
        Span<byte> footer = [Footer, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(footer[1..], id);
        while (true)
        {
            var span = input.Buffered(Ahead);
            var found = span.IndexOf(footer);
            if (found < 0)
            {
                if (span.Length < Ahead)
                    throw new BrokenStreamException(input.Position + span.Length, $"The stream ends here, within a section that began at {start}.");
                found = span.Length - footer.Length + 1;
                kept?.Add(span[..found]);
                input.Skip((ulong)found);
                continue;
            }

            kept?.Add(span[..found]);
            input.Skip((ulong)found);
            var next = input.Peek(Ahead);
            if (IsRecord(next[footer.Length..]))
            {
                var length = input.Position - start;
                input.Skip((ulong)footer.Length);
                return length;
            }

            kept?.Add(next[..1]);
            input.Skip(1);
        }
    }

    /// <summary>Takes the footer of a section; false where another thing stands there.</summary>
    internal bool TryTake(uint id)
    {
        if (input.Peek(5) is not [Footer, .. var number] || number.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(number) != id)
            return false;
        input.Skip(5);
        return true;
    }

    private bool IsRecord(ReadOnlySpan<byte> next) => next switch
    {
        [] => true,
        [0] or [0, 6, ..] => true,
        [1 or 4, _, _, _, _, var length, .. var rest] => IsHeader(rest, length),
        [2 or 3, .. var id] when id.Length >= 4 => isLive(BinaryPrimitives.ReadUInt32BigEndian(id)),
        [8, 0, > 0 and < 32, var high, var low, ..] => ((high << 8) | low) <= 4096,
        _ => false,
    };

    private static bool IsHeader(ReadOnlySpan<byte> rest, int length) =>
        length > 0 && rest.Length >= length + 8 && !rest[..length].ContainsAnyExceptInRange((byte)0x20, (byte)0x7E)
        && BinaryPrimitives.ReadUInt32BigEndian(rest[(length + 4)..]) <= HighestVersion;
}
