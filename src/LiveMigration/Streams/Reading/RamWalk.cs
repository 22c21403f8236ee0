using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace LiveMigration.Streams.Reading;

/// <summary>The records of the section <c>ram</c>, version 4. What they are: QEMU's migration/ram.c, <c>ram_load</c>.</summary>
internal sealed class RamWalk(StreamInput input, Findings findings, RamImage? image)
{
    private const ulong Zero = 0x02, Sizes = 0x04, Page = 0x08, End = 0x10, Continue = 0x20, Xbzrle = 0x40, Compressed = 0x100, Flush = 0x200;

    private const int MostBlocks = 4096;

    private readonly List<RamBlockTally> _blocks = [];
    private readonly Dictionary<string, RamBlockTally> _byName = new(StringComparer.Ordinal);
    private readonly MappedRam _mapped = new(input, findings, image);
    private byte[] _page = [];
    private RamBlockTally? _current;

    /// <summary>The guest's page size in bytes.</summary>
    internal int PageSize { get; set; } = 4096;

    /// <summary>What the configuration lists, and the command that announced post-copy.</summary>
    internal RamTerms Terms { get; set; } = new();

    /// <summary>Whether the pages came over other connections.</summary>
    internal bool IsElsewhere { get; private set; }

    internal bool IsMapped => Terms.IsMapped;

    internal IReadOnlyList<RamBlock> Sum() => [.. _blocks.Select(block => block.Sum(PageSize))];

    /// <summary>Reads the body of one record, up to its end mark.</summary>
    /// <exception cref="BrokenStreamException">It cannot be followed.</exception>
    internal void Read()
    {
        var mask = (ulong)PageSize - 1;
        while (true)
        {
            var at = input.Position;
            var word = input.UInt64();
            var flags = word & mask;
            switch (flags & ~Continue)
            {
                case Page:
                    One(at, word, flags, static block => block.Normal++);
                    if (image is null || _current is null)
                        input.Skip((ulong)PageSize);
                    else
                        Put(at, word, input.Take(PageSize));
                    break;
                case Zero:
                    One(at, word, flags, static block => block.Zero++);
                    Fill(at, word, input.Byte());
                    break;
                case Xbzrle:
                    One(at, word, flags, static block => block.Xbzrle++);
                    Change(at, word);
                    break;
                case Compressed:
                    One(at, word, flags, static block => block.Compressed++);
                    Inflate(at, word);
                    break;
                case Sizes:
                    Blocks(at, word & ~mask);
                    break;
                case Flush:
                    IsElsewhere = true;
                    break;
                case End:
                    return;
                default:
                    throw new BrokenStreamException(at, $"0x{flags:x3} is no record of RAM.");
            }
        }
    }

    private void One(long at, ulong word, ulong flags, Action<RamBlockTally> count)
    {
        if (Terms.IsMapped)
            throw new BrokenStreamException(at, "A page stands among the records, although each page has a place of its own in this file.");
        if ((flags & Continue) == 0)
        {
            var name = input.Name();
            if (_current?.Name != name && !_byName.TryGetValue(name, out _current))
                findings.Add(at, $"A page is for the block '{name}', which was not announced.");
        }
        else if (_current is null)
        {
            throw new BrokenStreamException(at, "A page is for the same block as the one before, and none is before it.");
        }

        if (_current is not { } block)
            return;
        var offset = word & ~((ulong)PageSize - 1);
        if (offset >= (ulong)block.Length)
        {
            findings.Add(at, $"A page is for offset {offset} of '{block.Name}', which has {block.Length} bytes.");
            return;
        }

        block.Came((long)offset / PageSize);
        count(block);
    }

    private void Put(long at, ulong word, ReadOnlySpan<byte> page)
    {
        var offset = word & ~((ulong)PageSize - 1);
        if (image is null || _current is not { } block || offset >= (ulong)block.Length)
            return;
        image.Write(block.Index, (long)offset, page[..(int)Math.Min(page.Length, block.Length - (long)offset)]);
    }

    private void Fill(long at, ulong word, byte value)
    {
        if (value != 0)
        {
            findings.Add(at, $"A page is filled with {value}; QEMU takes nothing but 0.");
            Scratch().AsSpan().Fill(value);
            Put(at, word, Scratch());
            return;
        }

        var offset = word & ~((ulong)PageSize - 1);
        if (image is not null && _current is { } block && offset < (ulong)block.Length)
            image.Clear(block.Index, (long)offset, Math.Min(PageSize, block.Length - (long)offset));
    }

    private void Change(long at, ulong word)
    {
        var kind = input.Byte();
        var length = input.UInt16();
        if (kind != 1 || length > PageSize)
            throw new BrokenStreamException(at, $"The changes of a page are of kind {kind} and {length} bytes long; QEMU writes kind 1 and no more than a page.");
        var offset = word & ~((ulong)PageSize - 1);
        if (image is null || _current is not { } block || offset >= (ulong)block.Length)
        {
            input.Skip((ulong)length);
            return;
        }

        var page = Scratch();
        image.Read(block.Index, (long)offset, page);
        if (Reading.Xbzrle.Apply(input.Take(length), page))
            Put(at, word, page);
        else
            findings.Add(at, $"The changes of the page at {offset} of '{block.Name}' do not fit a page.");
    }

    private void Inflate(long at, ulong word)
    {
        var length = input.UInt32();
        if (length > StreamInput.Window)
            throw new BrokenStreamException(at, $"A compressed page is {length} bytes long.");
        var data = input.Take((int)length);
        if (image is null)
            return;
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            inflated.ReadExactly(Scratch());
            Put(at, word, Scratch());
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            findings.Add(at, $"A compressed page cannot be decompressed: {error.Message}");
        }
    }

    private byte[] Scratch() => _page.Length == PageSize ? _page : _page = new byte[PageSize];

    /// <summary>The list of blocks, once, at the beginning.</summary>
    private void Blocks(long at, ulong total)
    {
        if (_blocks.Count > 0)
            throw new BrokenStreamException(at, "The list of RAM blocks comes twice.");
        ulong sum = 0, pages = 0;
        while (sum < total)
        {
            var where = input.Position;
            if (_blocks.Count == MostBlocks)
                throw new BrokenStreamException(where, $"There are more than {MostBlocks} RAM blocks.");
            var name = input.Name();
            var length = input.UInt64();
            if (length > total - sum)
                throw new BrokenStreamException(where, $"The RAM block '{name}' is {length} bytes long, and only {total - sum} of the total of {total} are left.");
            var block = new RamBlockTally(name, (long)length, _blocks.Count);
            if (!_byName.TryAdd(name, block))
                findings.Add(where, $"There are two RAM blocks '{name}'.");
            sum += length;
            _blocks.Add(block);
            image?.Add(name);
            Extras(block);
            pages += length / (ulong)PageSize;
            if (pages < PageSet.Most)
                block.Count((long)(length / (ulong)PageSize) + 1);
        }

        if (Terms.IsMapped && total > 0 && _blocks.All(block => block.Normal == 0))
            findings.Add(at, "No page of any block is marked as present: the file was not written to its end.");
    }

    /// <summary>What stands behind a block's length in some streams only.</summary>
    private void Extras(RamBlockTally block)
    {
        // Where post-copy was announced, and this block has other pages than most. No name begins with the zero that a page size begins with.
        if (Terms.PageSizes is not 0 && input.Peek(8) is { Length: 8 } next && BinaryPrimitives.ReadUInt64BigEndian(next) is var size
            && BitOperations.IsPow2(size) && (size & Terms.PageSizes) != 0)
        {
            input.Skip(8);
            block.HostPageSize = (long)size;
        }

        if (Terms.HasAddresses)
            block.Address = (long)input.UInt64();
        if (Terms.IsMapped)
            _mapped.Read(block, Terms.IsBigEndian);
    }
}
