using LiveMigration.Units;

namespace LiveMigration.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("20GiB", 21_474_836_480)]
    [InlineData("20 GiB", 21_474_836_480)]
    [InlineData("512MiB", 536_870_912)]
    [InlineData("1.5TB", 1_500_000_000_000)]
    [InlineData("8 PiB", 9_007_199_254_740_992)]
    [InlineData("1K", 1000)]
    [InlineData("1Ki", 1024)]
    [InlineData("4096", 4096)]
    [InlineData("4096B", 4096)]
    [InlineData("0", 0)]
    public void A_unit_says_what_a_number_means_and_alone_it_is_bytes(string text, long bytes) =>
        Assert.Equal(bytes, ByteSize.Parse(text).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("big")]
    [InlineData("-1")]
    [InlineData("GiB")]
    [InlineData("20GiB/s")]
    [InlineData("20Gbit")]
    [InlineData("1,5GiB")]
    [InlineData("9000000TiB")]
    public void What_is_no_size_is_refused_with_the_text_and_a_way_to_write_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => ByteSize.Parse(text));
        Assert.Equal($"'{text}' is not a size. Write it as 20GiB, 512MiB or as a number of bytes.", error.Message);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1_610_612_736, "1.5 GiB")]
    [InlineData(1_073_741_823, "1 GiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void It_reads_well(long bytes, string shown) => Assert.Equal(shown, new ByteSize(bytes).ToString());

    [Fact]
    public void What_it_writes_it_reads_as_the_same()
    {
        foreach (var value in Many.Longs(0, 1L << 62))
        {
            var text = new ByteSize(value).ToString();
            Assert.Equal(text, ByteSize.Parse(text).ToString());
        }
    }

    [Fact]
    public void More_is_greater() =>
        Assert.Equal(new ByteSize(3), new[] { new ByteSize(2), new ByteSize(3), new ByteSize(1) }.Max());
}
