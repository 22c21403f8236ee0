using LiveMigration.Streams;

namespace LiveMigration.Tests.Streams;

public sealed class StreamMemoryComparisonTests
{
    [Fact]
    public void Where_the_RAM_of_two_streams_differs_is_found_page_by_page()
    {
        var (here, there) = (Pages(), Pages());
        there[1][100] = 0xAA;
        there[2][0] = 0xBB;

        Assert.Equal(
            [new StreamDifference(StreamDifferenceKind.Memory, "pc.ram", "02020202020202020202020202020202", "AA020202020202020202020202020202") { Pages = 2, Offset = 4096 + 100 }],
            Compare(here, there));
        Assert.Empty(Compare(here, here));
    }

    /// <summary>What is at the end of a page is shown as far as the page goes.</summary>
    [Fact]
    public void The_last_byte_counts()
    {
        var there = Pages();
        there[2][4095] = 0;

        Assert.Equal([new StreamDifference(StreamDifferenceKind.Memory, "pc.ram", "03", "00") { Pages = 1, Offset = (3 * 4096) - 1 }], Compare(Pages(), there));
    }

    [Fact]
    public void What_is_not_in_a_stream_is_not_equal_to_zeros()
    {
        byte[]?[] without = [Pages()[0], Pages()[1], null];

        Assert.Equal([new StreamDifference(StreamDifferenceKind.Memory, "pc.ram", "all of it", "pages missing: 1")], Compare([Pages()[0], Pages()[1], new byte[4096]], without));
    }

    private static byte[][] Pages() => [.. Enumerable.Range(1, 3).Select(number => Enumerable.Repeat((byte)number, 4096).ToArray())];

    private static IReadOnlyList<StreamDifference> Compare(byte[]?[] here, byte[]?[] there)
    {
        using var folder = new TemporaryFolder();
        var (left, right) = (Path.Combine(folder.Path, "left"), Path.Combine(folder.Path, "right"));
        return StreamMemoryComparison.Compare(Read(here, left), left, Read(there, right), right);
    }

    private static MigrationStream Read(byte[]?[] pages, string folder)
    {
        var stream = new Bytes().Header().Ram(pages.Length * 4096, 0x8, pages[0]!);
        for (var number = 1; number < pages.Length; number++)
        {
            if (pages[number] is { } page)
                stream.Part((number * 4096L) | 0x28, page);
        }

        return RecordedStream.Read(stream.End(), new StreamReading { MemoryFolder = folder });
    }
}
