using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LiveMigration.Streams.Descriptions;

/// <summary>The fields of a device's state, cut as QEMU describes it. What the description cannot explain stays a row of bytes.</summary>
internal sealed class FieldDecoder(StreamSection section, long offset)
{
    /// <summary>A longer row of bytes is shown by its beginning and its hash.</summary>
    private const int LongestShown = 128;

    /// <summary>Longer arrays of numbers are one field.</summary>
    private const int MostElements = 1024;

    private readonly List<DeviceField> _fields = [];

    /// <summary>All of them.</summary>
    /// <param name="state">The state's bytes.</param>
    /// <param name="description">What QEMU says of them.</param>
    internal IReadOnlyList<DeviceField> Decode(ReadOnlySpan<byte> state, StateDescription description)
    {
        var at = 0;
        if (!Structure(state, description, "", ref at) || at != state.Length)
        {
            if (at < state.Length)
                Row(state[at..], "", "unknown", at);
        }

        return _fields;
    }

    private bool Structure(ReadOnlySpan<byte> state, StateDescription description, string path, ref int at)
    {
        foreach (var field in description.Fields)
        {
            if (!Field(state, field, path, ref at))
                return false;
        }

        foreach (var part in description.Subsections)
        {
            if (!Subsection(state, part, path, ref at))
                return false;
        }

        return true;
    }

    /// <summary>A mark, the name, its version, its fields.</summary>
    private bool Subsection(ReadOnlySpan<byte> state, StateDescription part, string path, ref int at)
    {
        var header = 1 + 1 + part.Name.Length + 4;
        if (state.Length - at < header || state[at] != 5 || state[at + 1] != part.Name.Length)
            return false;
        at += header;
        return Structure(state, part, $"{path}{part.Name[(part.Name.LastIndexOf('/') + 1)..]}/", ref at);
    }

    private bool Field(ReadOnlySpan<byte> state, FieldDescription field, string path, ref int at)
    {
        if (field.Total > state.Length - at)
            return false;
        if (field.Total == 0)
            return true;
        var name = path + field.Name;
        var count = (int)(field.Count ?? 1);
        if (field.Parts.Count == 0 && (count > MostElements || (field.Count is not null && field.Size == 1)))
        {
            Row(state.Slice(at, (int)field.Total), name, $"{field.Type}[{count}]", at);
            at += (int)field.Total;
            return true;
        }

        for (var element = 0; element < count; element++)
        {
            var size = (int)field.Size;
            var title = field.Count is null && field.Index is null ? name : $"{name}[{element + (field.Index ?? 0)}]";
            if (field.Parts.Count == 0 || !Parts(state[..(at + size)], field, title, at))
                Value(state.Slice(at, size), title, field.Type, at);
            at += size;
        }

        return true;
    }

    /// <summary>False, with nothing found, where they do not fill the field.</summary>
    private bool Parts(ReadOnlySpan<byte> state, FieldDescription field, string title, int at)
    {
        var before = _fields.Count;
        var isList = field.Type is "qtailq" or "qlist";
        for (var part = 0; part < field.Parts.Count; part++)
        {
            if (isList && (at >= state.Length || state[at++] != 1))
                return Undo(before);
            if (!Structure(state, field.Parts[part], isList ? $"{title}[{part}]." : $"{title}.", ref at))
                return Undo(before);
        }

        if (isList && (at >= state.Length || state[at++] != 0))
            return Undo(before);
        return at == state.Length || Undo(before);
    }

    private bool Undo(int count)
    {
        _fields.RemoveRange(count, _fields.Count - count);
        return false;
    }

    private void Value(ReadOnlySpan<byte> bytes, string title, string type, int at)
    {
        object? value = (type.Split(' ')[0], bytes.Length) switch
        {
            ("bool", 1) => bytes[0] != 0,
            ("uint8", 1) => (long)bytes[0],
            ("int8", 1) => (long)(sbyte)bytes[0],
            ("uint16", 2) => (long)BinaryPrimitives.ReadUInt16BigEndian(bytes),
            ("int16", 2) => (long)BinaryPrimitives.ReadInt16BigEndian(bytes),
            ("uint32", 4) => (long)BinaryPrimitives.ReadUInt32BigEndian(bytes),
            ("int32", 4) => (long)BinaryPrimitives.ReadInt32BigEndian(bytes),
            ("uint64", 8) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
            ("int64" or "timer", 8) => BinaryPrimitives.ReadInt64BigEndian(bytes),
            ("float64", 8) => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            ("nullptr", 1) => "null",
            _ => null,
        };
        if (value is null)
            Row(bytes, title, type, at);
        else
            Add(title, type, at, bytes.Length, value);
    }

    private void Row(ReadOnlySpan<byte> bytes, string title, string type, int at) => Add(title, type, at, bytes.Length, bytes.Length <= LongestShown
        ? Convert.ToHexString(bytes)
        : string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(bytes[..16])}… SHA-256 {Convert.ToHexString(SHA256.HashData(bytes))[..16]}"));

    private void Add(string title, string type, int at, int size, object value) =>
        _fields.Add(new DeviceField(section.Name, section.InstanceId, title, type, offset + at, size, value));
}
