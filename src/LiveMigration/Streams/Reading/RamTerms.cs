namespace LiveMigration.Streams.Reading;

/// <summary>What decides how RAM blocks are listed.</summary>
internal sealed record RamTerms
{
    /// <summary>The page sizes of all blocks, or-ed; 0 where post-copy was not announced.</summary>
    internal ulong PageSizes { get; init; }

    /// <summary><c>x-ignore-shared</c>: each block's address follows.</summary>
    internal bool HasAddresses { get; init; }

    /// <summary><c>mapped-ram</c>: each block's pages follow at places of their own.</summary>
    internal bool IsMapped { get; init; }

    /// <summary>Whether the source's host was big-endian, which matters in bitmaps of mapped-ram.</summary>
    internal bool IsBigEndian { get; init; }
}
