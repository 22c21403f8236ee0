namespace LiveMigration.Streams.Reading;

/// <summary>A block of RAM while it is counted.</summary>
internal sealed class RamBlockTally(string name, long length, int index)
{
    private PageSet? _seen;

    internal string Name => name;

    /// <summary>Bytes.</summary>
    internal long Length => length;

    /// <summary>Its place in the list of blocks.</summary>
    internal int Index => index;

    internal long Zero { get; set; }

    internal long Normal { get; set; }

    internal long Xbzrle { get; set; }

    internal long Compressed { get; set; }

    internal long Resent { get; private set; }

    internal long? HostPageSize { get; set; }

    internal long? Address { get; set; }

    internal long? PagesOffset { get; set; }

    /// <summary>Whether all its pages are known to be there or to be zero: a mapped-ram file says so of each.</summary>
    internal bool IsMapped { get; set; }

    /// <summary>Begins to count which pages come.</summary>
    internal void Count(long pages) => _seen = new PageSet(pages);

    /// <summary>A page came.</summary>
    internal void Came(long page)
    {
        if (_seen?.Add(page) == false)
            Resent++;
    }

    internal RamBlock Sum(long pageSize) => new(name, length)
    {
        Zero = Zero, Normal = Normal, Xbzrle = Xbzrle, Compressed = Compressed, HostPageSize = HostPageSize, Address = Address, PagesOffset = PagesOffset,
        Missing = IsMapped ? 0 : (length / pageSize) - _seen?.Count,
        Resent = IsMapped ? 0 : _seen is null ? null : Resent,
    };
}
