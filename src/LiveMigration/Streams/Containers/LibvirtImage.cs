using System.Buffers.Binary;
using System.Text;
using System.Xml;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams.Containers;

/// <summary>The header of libvirt's saved images. libvirt's src/qemu/qemu_saveimage.h.</summary>
internal static class LibvirtImage
{
    private const int HeaderLength = 92;

    /// <summary>The longest definition that is kept, in bytes.</summary>
    private const int LongestText = 1 << 24;

    private const int Sparse = 6;

    private static readonly string[] Formats = ["raw", "gzip", "bzip2", "xz", "lzop", "zstd", "sparse"];

    private static readonly StreamCompression[] Compressions =
    [
        StreamCompression.None, StreamCompression.Gzip, StreamCompression.Bzip2, StreamCompression.Xz, StreamCompression.Lzop, StreamCompression.Zstd, StreamCompression.None,
    ];

    private static ReadOnlySpan<byte> Finished => "LibvirtQemudSave"u8;

    private static ReadOnlySpan<byte> Unfinished => "LibvirtQemudPart"u8;

    /// <summary>Whether a file that begins so is one.</summary>
    internal static bool IsImage(ReadOnlySpan<byte> start) => start.StartsWith(Finished) || start.StartsWith(Unfinished);

    /// <summary>Reads the header, and leaves the input at the stream.</summary>
    internal static (LibvirtSaveHeader Header, StreamCompression Compression) Read(StreamInput input, Findings findings)
    {
        var at = input.Position;
        var header = input.Take(HeaderLength).ToArray();
        var finished = header.AsSpan().StartsWith(Finished);
        if (!finished)
            findings.Add(at, "libvirt did not finish writing this file.");
        var words = Words(header);
        if (words[0] is 0 or > 2)
            throw new BrokenStreamException(at + 16, $"The version of libvirt's header is {words[0]}; 1 and 2 are known.");
        var format = words[0] == 1 ? 0 : words[3];
        if (format > Sparse)
            throw new BrokenStreamException(at + 28, $"libvirt's header names the format {format}, which is not known.");
        var text = Text(input, words[1]);
        var cookie = words[4] is > 0 and var offset && offset < text.Length ? Line(text.AsSpan((int)offset)) : null;
        var definition = Line(text);
        var (domain, uuid) = Domain(definition);
        return (new LibvirtSaveHeader((int)words[0], Formats[format])
        {
            IsFinished = finished, WasRunning = words[2] != 0, Definition = definition, Cookie = cookie, Domain = domain, Uuid = uuid, StreamOffset = input.Position,
        }, Compressions[format]);
    }

    /// <summary>In the byte order of the host that wrote it; the version says which.</summary>
    private static uint[] Words(byte[] header)
    {
        var little = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16)) <= 0xFFFF;
        return [.. Enumerable.Range(0, 5).Select(word => header.AsSpan(16 + (word * 4), 4).ToArray())
            .Select(bytes => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes))];
    }

    private static byte[] Text(StreamInput input, uint length)
    {
        var text = new MemoryStream();
        var end = input.Position + length;
        while (input.Position < end && text.Length < LongestText)
        {
            var part = input.Take((int)Math.Min(end - input.Position, 4096));
            text.Write(part);
        }

        input.Skip((ulong)(end - input.Position));
        return text.ToArray();
    }

    private static string Line(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text.IndexOf((byte)0) is var end and >= 0 ? text[..end] : text);

    private static (string? Name, Guid? Uuid) Domain(string definition)
    {
        string? name = null, uuid = null;
        try
        {
            using var xml = XmlReader.Create(new StringReader(definition), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while ((name is null || uuid is null) && xml.Read())
            {
                if (xml is { Depth: 1, NodeType: XmlNodeType.Element, Name: "name" })
                    name = xml.ReadElementContentAsString();
                if (xml is { Depth: 1, NodeType: XmlNodeType.Element, Name: "uuid" })
                    uuid = xml.ReadElementContentAsString();
            }
        }
        catch (XmlException)
        {
            // The stream is what counts; the definition is shown as it is.
        }

        return (name, Guid.TryParse(uuid, out var parsed) ? parsed : null);
    }
}
