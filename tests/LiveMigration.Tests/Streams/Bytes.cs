using System.Buffers.Binary;
using System.Text;

namespace LiveMigration.Tests.Streams;

/// <summary>A stream, record by record.</summary>
internal sealed class Bytes
{
    private readonly List<byte> _bytes = [];

    internal string Block { get; init; } = "pc.ram";

    internal int Length => _bytes.Count;

    internal Bytes Header()
    {
        Add("QEVM"u8).Add([0, 0, 0, 3, 7]).Add(BigEndian(4)).Add("none"u8);
        return this;
    }

    /// <summary>The RAM's section with one block, and its first page.</summary>
    internal Bytes Ram(long length, int flags, ReadOnlySpan<byte> page)
    {
        Add([1, 0, 0, 0, 1, 3]).Add("ram"u8).Add([0, 0, 0, 0, 0, 0, 0, 4]).Add(BigEndian(length & ~0xFFFL | 4));
        Add([(byte)Block.Length]).Add(Encoding.Latin1.GetBytes(Block)).Add(BigEndian(length & ~0xFFFL)).Add(BigEndian(0x10L)).Footer(1);
        return Part(flags, Block, page);
    }

    internal Bytes Part(long word, ReadOnlySpan<byte> payload) => Add([2, 0, 0, 0, 1]).Add(BigEndian(word)).Add(payload).Add(BigEndian(0x10L)).Footer(1);

    internal Bytes Part(long word, string block, ReadOnlySpan<byte> payload) =>
        Add([2, 0, 0, 0, 1]).Add(BigEndian(word)).Add([(byte)block.Length]).Add(Encoding.Latin1.GetBytes(block)).Add(payload).Add(BigEndian(0x10L)).Footer(1);

    internal Bytes Device(string name, ReadOnlySpan<byte> state) =>
        Add([4, 0, 0, 0, 9, (byte)name.Length]).Add(Encoding.ASCII.GetBytes(name)).Add([0, 0, 0, 0, 0, 0, 0, 1]).Add(state).Footer(9);

    internal Bytes Command(byte number, ReadOnlySpan<byte> data) => Add([8, 0, number, 0, (byte)data.Length]).Add(data);

    /// <summary>The RAM's last part where there was one, and the end.</summary>
    internal byte[] End()
    {
        if (_bytes.Count > 40 && _bytes[17] == 1)
            Add([3, 0, 0, 0, 1]).Add(BigEndian(0x10L)).Footer(1);
        return [.. _bytes, 0];
    }

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigEndian(int value) => BigEndian((long)value)[4..];

    private Bytes Footer(byte id) => Add([0x7E, 0, 0, 0, id]);

    private Bytes Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
