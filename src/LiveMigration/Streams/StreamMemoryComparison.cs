using LiveMigration.Errors;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams;

/// <summary>The RAM of two streams, which was written into folders → where it differs. Read in pieces: the size of the RAM does not matter.</summary>
public static class StreamMemoryComparison
{
    private const int Piece = 1 << 20;

    private const int FewestBytes = 4096;

    /// <summary>How many bytes of a place are shown.</summary>
    private const int Shown = 16;

    /// <summary>Compares the RAM of two streams, block by block, in those blocks that both have and that are as long in both.</summary>
    /// <param name="reference">The first one.</param>
    /// <param name="referenceFolder">Where its RAM was written (<see cref="StreamReading.MemoryFolder"/>).</param>
    /// <param name="difference">The second one.</param>
    /// <param name="differenceFolder">Where its RAM was written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One difference for each block whose content differs, or of which a stream does not have all.</returns>
    /// <exception cref="LiveMigrationException">A file cannot be read.</exception>
    public static IReadOnlyList<StreamDifference> Compare(
        MigrationStream reference, string referenceFolder, MigrationStream difference, string differenceFolder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(difference);
        var others = difference.RamBlocks.Zip(RamImage.FileNames(difference.RamBlocks)).ToLookup(pair => pair.First.Name, StringComparer.Ordinal);
        var found = new List<StreamDifference>();
        foreach (var (block, file) in reference.RamBlocks.Zip(RamImage.FileNames(reference.RamBlocks)))
        {
            if (others[block.Name].FirstOrDefault() is not ({ } other, { } otherFile) || other.Length != block.Length)
                continue; // That is a difference of the blocks themselves.
            if (block.Missing is not 0 || other.Missing is not 0)
                found.Add(new StreamDifference(StreamDifferenceKind.Memory, block.Name, Missing(block), Missing(other)));
            else if (Content(block.Name, Path.Combine(referenceFolder, file), Path.Combine(differenceFolder, otherFile), Math.Max(reference.PageSize, FewestBytes), cancellationToken) is { } differs)
                found.Add(differs);
        }

        return found;
    }

    private static string Missing(RamBlock block) => block.Missing switch
    {
        0 => "all of it",
        null => "it is not known whether all of it is there",
        var pages => $"pages missing: {pages}",
    };

    private static StreamDifference? Content(string name, string reference, string difference, int page, CancellationToken cancellationToken)
    {
        try
        {
            using var left = Open(reference);
            using var right = Open(difference);
            var (mine, theirs) = (new byte[Piece], new byte[Piece]);
            var (pages, offset, first) = (0L, 0L, (StreamDifference?)null);
            for (int read; (read = left.ReadAtLeast(mine, Piece, throwOnEndOfStream: false)) > 0; offset += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                right.ReadExactly(theirs, 0, read);
                for (var at = 0; at < read; at += page)
                {
                    var length = Math.Min(page, read - at);
                    ReadOnlySpan<byte> here = mine.AsSpan(at, length);
                    ReadOnlySpan<byte> there = theirs.AsSpan(at, length);
                    var same = here.CommonPrefixLength(there);
                    if (same == length)
                        continue;
                    pages++;
                    var shown = Math.Min(Shown, length - same);
                    first ??= new StreamDifference(
                        StreamDifferenceKind.Memory, name, Convert.ToHexString(here.Slice(same, shown)), Convert.ToHexString(there.Slice(same, shown))) { Offset = offset + at + same };
                }
            }

            return first is null ? null : first with { Pages = pages };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.StreamNotReadable, $"The memory of '{name}' was not compared: {error.Message}", innerException: error);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
}
