using System.Buffers.Binary;
using System.Numerics;

namespace LiveMigration.Streams.Reading;

/// <summary>A block of a mapped-ram file: a header, a bitmap of the pages that are there, and their places. QEMU's docs/devel/migration/mapped-ram.rst.</summary>
internal sealed class MappedRam(StreamInput input, Findings findings, RamImage? image)
{
    /// <summary>The longest bitmap that is kept while pages are copied: 8 TiB of 4 KiB pages.</summary>
    private const int LongestBitmap = 1 << 28;

    /// <exception cref="BrokenStreamException">It cannot be followed.</exception>
    internal void Read(RamBlockTally block, bool bigEndian)
    {
        var at = input.Position;
        var version = input.UInt32();
        var (pageSize, bitmapOffset, pagesOffset) = (input.UInt64(), input.UInt64(), input.UInt64());
        if (version != 1)
            throw new BrokenStreamException(at, $"The pages of '{block.Name}' are arranged by version {version}, which is not known.");
        block.IsMapped = true;
        if ((bitmapOffset, pagesOffset) is (0, 0))
            return; // Shared memory that was left out (QEMU 11).
        if (!BitOperations.IsPow2(pageSize) || pageSize is < 512 or > 1 << 30)
            throw new BrokenStreamException(at, $"The pages of '{block.Name}' are {pageSize} bytes large.");
        var pages = ((ulong)block.Length + pageSize - 1) / pageSize;
        var bitmapSize = (pages + 63) / 64 * 8;
        if (bitmapOffset != (ulong)input.Position || pagesOffset < bitmapOffset + bitmapSize || pagesOffset > long.MaxValue - (ulong)block.Length)
            throw new BrokenStreamException(at, $"The bitmap of '{block.Name}' is said to be at {bitmapOffset} and its pages at {pagesOffset}; its header ends at {input.Position}.");
        if (image is not null && bitmapSize > LongestBitmap)
            throw new BrokenStreamException(at, $"'{block.Name}' is too large to be written: {block.Length} bytes.");

        block.PagesOffset = (long)pagesOffset;
        var kept = Count(block, bitmapSize, pages, bigEndian);
        input.Skip(pagesOffset - (ulong)input.Position);
        if (image is not null)
            Copy(block, kept.GetBuffer().AsSpan(0, (int)kept.Length), (long)pagesOffset, (long)pageSize);
        input.Skip(pagesOffset + (ulong)block.Length - (ulong)input.Position);
    }

    private MemoryStream Count(RamBlockTally block, ulong size, ulong pages, bool bigEndian)
    {
        var kept = new MemoryStream();
        var start = input.Position;
        for (ulong left = size; left > 0;)
        {
            var part = input.Take((int)Math.Min(left, StreamInput.Window));
            foreach (var word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(part))
                block.Normal += BitOperations.PopCount(word);
            if (image is not null)
                Keep(kept, part, bigEndian);
            left -= (ulong)part.Length;
        }

        if ((ulong)block.Normal > pages)
            findings.Add(start, $"More pages of '{block.Name}' are marked as present than it has: {block.Normal} of {pages}.");
        block.Zero = Math.Max(0, (long)pages - block.Normal);
        return kept;
    }

    private static void Keep(MemoryStream kept, ReadOnlySpan<byte> part, bool bigEndian)
    {
        Span<byte> word = stackalloc byte[8];
        for (; bigEndian && !part.IsEmpty; part = part[8..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, BinaryPrimitives.ReadUInt64BigEndian(part));
            kept.Write(word);
        }

        kept.Write(part);
    }

    private void Copy(RamBlockTally block, ReadOnlySpan<byte> bitmap, long pagesOffset, long pageSize)
    {
        for (long page = 0; page < bitmap.Length * 8L && page * pageSize < block.Length; page++)
        {
            if ((bitmap[(int)(page >> 3)] >> (int)(page & 7) & 1) == 0)
                continue;
            input.Skip((ulong)(pagesOffset + (page * pageSize) - input.Position));
            for (var (at, end) = (page * pageSize, Math.Min((page + 1) * pageSize, block.Length)); at < end;)
            {
                var part = input.Take((int)Math.Min(end - at, StreamInput.Window));
                image!.Write(block.Index, at, part);
                at += part.Length;
            }
        }
    }
}
