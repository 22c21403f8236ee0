namespace LiveMigration.Streams.Reading;

/// <summary>Which pages of a block have come. Room is taken where pages come, not by what the block's length says.</summary>
internal sealed class PageSet
{
    /// <summary>The most pages that are counted, over all blocks: 2 TiB of 4 KiB, 64 MiB here.</summary>
    internal const long Most = 1L << 29;

    private const int ChunkBits = 15;

    private readonly ulong[]?[] _chunks;

    internal PageSet(long pages) => _chunks = new ulong[]?[(pages >> ChunkBits) + 1];

    /// <summary>How many there are.</summary>
    internal long Count { get; private set; }

    /// <summary>Adds a page; false where it had come before.</summary>
    internal bool Add(long page)
    {
        var chunk = _chunks[page >> ChunkBits] ??= new ulong[1 << (ChunkBits - 6)];
        ref var word = ref chunk[(page & ((1 << ChunkBits) - 1)) >> 6];
        var bit = 1UL << (int)(page & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }
}
