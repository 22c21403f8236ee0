using System.Buffers.Binary;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams.Descriptions;

/// <summary>
/// Finds the description at the end of a file before the stream is walked: a mark and a length that reaches just to the end of the file. No byte
/// of JSON is such a mark, so the last one is the right one.
/// </summary>
internal static class DescriptionSearch
{
    /// <summary>The longest description that is read, in bytes. One of 4,000 CPUs has 60 MB.</summary>
    internal const int Longest = 1 << 26;

    /// <summary>Null where there is none, or it is cut short.</summary>
    internal static StreamDescription? Find(Stream file, long start)
    {
        var text = FindText(file, start);
        if (text is null)
            return null;
        try
        {
            return DescriptionReader.Read(text, 0);
        }
        catch (BrokenStreamException)
        {
            return null; // The walk comes to it, too, and says what is wrong.
        }
    }

    private static byte[]? FindText(Stream file, long start)
    {
        var before = file.Position;
        try
        {
            for (var size = Math.Min(file.Length - start, 1 << 18); ; size = Math.Min(Math.Min(size * 8, Longest + 6L), file.Length - start))
            {
                if (size <= 0)
                    return null;
                var tail = new byte[size];
                file.Position = file.Length - size;
                var read = file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
                if (read < tail.Length)
                    return null;
                if (Match(tail) is { } at)
                    return tail[at..];
                if (size >= Longest || size == file.Length - start)
                    return null;
            }
        }
        finally
        {
            file.Position = before;
        }
    }

    private static int? Match(ReadOnlySpan<byte> tail)
    {
        for (var end = tail.Length; tail[..end].LastIndexOf((byte)6) is var at and >= 0; end = at)
        {
            if (tail.Length - at > 5 && BinaryPrimitives.ReadUInt32BigEndian(tail[(at + 1)..]) == tail.Length - at - 5 && tail[at + 5] == '{')
                return at + 5;
        }

        return null;
    }
}
