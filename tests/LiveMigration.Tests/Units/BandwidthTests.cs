using LiveMigration.Units;

namespace LiveMigration.Tests.Units;

public sealed class BandwidthTests
{
    [Theory]
    [InlineData("500MiB/s", 524_288_000)]
    [InlineData("500 MiB/s", 524_288_000)]
    [InlineData("1.5GiB/s", 1_610_612_736)]
    [InlineData("100MB/s", 100_000_000)]
    [InlineData("100MBps", 100_000_000)]
    [InlineData("1G", 1_000_000_000)]
    [InlineData("1PiB/s", 1_125_899_906_842_624)]
    [InlineData("4Gbit/s", 500_000_000)]
    [InlineData("4Gbps", 500_000_000)]
    [InlineData("4 gbit/s", 500_000_000)]
    [InlineData("8Kibit/s", 1024)]
    public void A_unit_says_what_a_number_means(string text, long bytesPerSecond) =>
        Assert.Equal(bytesPerSecond, Bandwidth.Parse(text).BytesPerSecond);

    [Fact]
    public void A_small_b_is_bits_and_a_large_one_bytes() =>
        Assert.Equal(8 * Bandwidth.Parse("100Mb/s").BytesPerSecond, Bandwidth.Parse("100MB/s").BytesPerSecond);

    [Fact]
    public void A_number_alone_is_MiB_per_second_as_in_virsh()
    {
        Assert.Equal(Bandwidth.Parse("500MiB/s"), Bandwidth.Parse("500"));
        Assert.Equal(Bandwidth.Parse("500MiB/s"), Bandwidth.FromMebibytes(500));
        Assert.Equal(Bandwidth.Parse("512KiB/s"), Bandwidth.Parse("0.5"));
    }

    [Theory]
    [InlineData("max")]
    [InlineData("MAX")]
    [InlineData(" unlimited ")]
    [InlineData("0")]
    [InlineData("0Gbit/s")]
    public void Max_unlimited_and_0_are_no_limit(string text)
    {
        Assert.Equal(Bandwidth.Unlimited, Bandwidth.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("-1")]
    [InlineData("-1MiB/s")]
    [InlineData("MiB/s")]
    [InlineData("1 furlong/s")]
    [InlineData("1..5MiB/s")]
    [InlineData("1,5GiB/s")]
    [InlineData("1e3")]
    [InlineData("500/s")]
    [InlineData("500ps")]
    [InlineData("5 MiB/s/s")]
    public void What_is_no_bandwidth_is_refused_with_the_text_and_a_way_to_write_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => Bandwidth.Parse(text));
        Assert.Equal($"'{text}' is not a bandwidth. Write it as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max.", error.Message);
    }

    [Theory]
    [InlineData("0.1B/s")]
    [InlineData("99999PiB/s")]
    [InlineData("8192PiB/s")]
    public void What_no_link_can_have_is_out_of_range(string text) =>
        Assert.Equal($"'{text}' is out of range for a bandwidth.", Assert.Throws<FormatException>(() => Bandwidth.Parse(text)).Message);

    [Fact]
    public void A_negative_number_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bandwidth.FromBytes(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bandwidth.FromMebibytes(-1));
    }

    [Fact]
    public void Nothing_is_not_unlimited()
    {
        Assert.False(Bandwidth.FromMebibytes(0).IsUnlimited);
        Assert.False(Bandwidth.FromBytes(0).IsUnlimited);
        Assert.True(Bandwidth.FromMebibytes(0) < Bandwidth.FromBytes(1));
    }

    [Fact]
    public void No_constructor_leaves_open_whether_a_number_is_bytes_or_MiB() => Assert.Empty(typeof(Bandwidth).GetConstructors());

    [Theory]
    [InlineData("131072")]
    [InlineData("52428800")]
    public void A_number_of_bytes_is_not_taken_for_MiB(string text) => Assert.Equal(
        $"A plain number is in MiB/s, and {text} would be more than 128 GiB/s. Write the unit: '{text}B/s' for bytes per second, or max.",
        Assert.Throws<FormatException>(() => Bandwidth.Parse(text)).Message);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_048_576, 1)]
    [InlineData(1_048_577, 2)]
    [InlineData(long.MaxValue - 1, 8_796_093_022_208)]
    [InlineData(long.MaxValue, 0)]
    public void For_libvirt_a_limit_is_rounded_up_and_never_becomes_no_limit(long bytesPerSecond, ulong mebibytes) =>
        Assert.Equal(mebibytes, Bandwidth.FromBytes(bytesPerSecond).MebibytesPerSecond);

    [Theory]
    [InlineData("max", "max")]
    [InlineData("123207680B/s", "117.5 MiB/s")]
    [InlineData("10Gbit/s", "1.2 GiB/s")]
    public void It_reads_well(string text, string shown) => Assert.Equal(shown, Bandwidth.Parse(text).ToString());

    [Fact]
    public void What_it_writes_it_reads_as_the_same()
    {
        foreach (var value in Many.Longs(1, 8000L << 50))
        {
            var text = Bandwidth.FromBytes(value).ToString();
            Assert.Equal(text, Bandwidth.Parse(text).ToString());
        }
    }

    [Fact]
    public void More_is_greater_and_no_limit_is_most() =>
        Assert.Equal(
            [Bandwidth.Parse("1Mbit/s"), Bandwidth.Parse("1MiB/s"), Bandwidth.Parse("1Gbit/s"), Bandwidth.Unlimited],
            new[] { Bandwidth.Unlimited, Bandwidth.Parse("1Gbit/s"), Bandwidth.Parse("1Mbit/s"), Bandwidth.FromMebibytes(1) }.Order());
}
