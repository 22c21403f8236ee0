namespace LiveMigration.Streams.Containers;

/// <summary>The compressions that libvirt knows: their numbers in its header, their marks, the programs that undo them.</summary>
internal static class Compressors
{
    private static readonly (StreamCompression Compression, byte[] Mark)[] Marks =
    [
        (StreamCompression.Gzip, [0x1F, 0x8B]), (StreamCompression.Zstd, [0x28, 0xB5, 0x2F, 0xFD]), (StreamCompression.Xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        (StreamCompression.Bzip2, [0x42, 0x5A, 0x68]), (StreamCompression.Lzop, [0x89, 0x4C, 0x5A, 0x4F]),
    ];

    /// <summary>What a file begins with → how it is compressed; <see cref="StreamCompression.None"/> where it is not, or in no way known here.</summary>
    internal static StreamCompression Recognize(ReadOnlySpan<byte> start)
    {
        foreach (var (compression, mark) in Marks)
        {
            if (start.StartsWith(mark))
                return compression;
        }

        return StreamCompression.None;
    }

    /// <summary>The program and its arguments, as libvirt calls it.</summary>
    internal static (string Program, string[] Arguments) Of(StreamCompression compression) => compression switch
    {
        StreamCompression.Bzip2 => ("bzip2", ["-dc"]),
        StreamCompression.Xz => ("xz", ["-dc"]),
        StreamCompression.Lzop => ("lzop", ["-dc", "--ignore-warn"]),
        _ => ("zstd", ["-dc"]),
    };
}
