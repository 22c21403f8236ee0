using System.Buffers.Binary;
using System.Text;

namespace LiveMigration.Storage.Images;

/// <summary>What a qcow2 image says of itself in its first bytes, beside what the guest sees.</summary>
/// <param name="Version">2 (<c>compat=0.10</c>) or 3 (<c>compat=1.1</c>).</param>
/// <param name="ClusterSize">In bytes.</param>
/// <param name="Snapshots">Internal snapshots.</param>
/// <param name="Bitmaps">Persistent dirty bitmaps, on which incremental backups build.</param>
/// <param name="IsEncrypted">Whether its clusters are encrypted.</param>
/// <param name="HasDataFile">Whether the guest's data is in another file.</param>
internal sealed record Qcow2Header(int Version, long ClusterSize, int Snapshots, int Bitmaps, bool IsEncrypted, bool HasDataFile)
{
    /// <summary>The name of that file, as the image has it; null where it has none, or does not name it.</summary>
    internal string? DataFile { get; init; }

    /// <summary>As much as has to be read: the header and its extensions are in the first cluster, and these stand first.</summary>
    internal const int Length = 4096;

    private const uint Magic = 0x514649fb; // "QFI\xfb"
    private const uint BitmapsExtension = 0x23852875;
    private const uint DataFileExtension = 0x44415441; // "DATA"

    /// <summary>Reads it by docs/interop/qcow2.rst of QEMU; null for what is no such image, or is cut off.</summary>
    internal static Qcow2Header? Parse(ReadOnlySpan<byte> image)
    {
        if (image.Length < 72 || Number(image, 0) != Magic)
            return null;
        var version = (int)Number(image, 4);
        var bits = (int)Number(image, 20);
        if (version is not (2 or 3) || bits is < 9 or > 30 || (version == 3 && image.Length < 104))
            return null;
        var incompatible = version == 3 ? BinaryPrimitives.ReadUInt64BigEndian(image[72..]) : 0;
        var (extensions, hasDataFile) = (version == 3 ? (int)Number(image, 100) : 72, (incompatible & 0b100) != 0);
        return new Qcow2Header(
            version, 1L << bits, (int)Number(image, 60), Extension(image, extensions, BitmapsExtension) is { Length: >= 4 } bitmaps ? (int)Number(bitmaps, 0) : 0,
            IsEncrypted: Number(image, 32) != 0, HasDataFile: hasDataFile)
        {
            DataFile = hasDataFile && Extension(image, extensions, DataFileExtension) is { Length: > 0 } name ? Encoding.UTF8.GetString(name) : null,
        };
    }

    /// <summary>The extensions follow each other, each padded to 8 bytes, until one without a type; empty where there is none of the type, or it is cut off.</summary>
    private static ReadOnlySpan<byte> Extension(ReadOnlySpan<byte> image, int at, uint wanted)
    {
        while (at >= 72 && at + 8 <= image.Length && Number(image, at) is not 0 and var type)
        {
            var length = Number(image, at + 4);
            if (length > (uint)(image.Length - at - 8))
                break;
            if (type == wanted)
                return image.Slice(at + 8, (int)length);
            at += 8 + (int)((length + 7) & ~7u);
        }

        return [];
    }

    private static uint Number(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32BigEndian(image[at..]);
}
