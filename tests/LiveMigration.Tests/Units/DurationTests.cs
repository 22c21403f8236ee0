using LiveMigration.Units;

namespace LiveMigration.Tests.Units;

public sealed class DurationTests
{
    [Theory]
    [InlineData("300ms", 300)]
    [InlineData("300 ms", 300)]
    [InlineData("1.5s", 1500)]
    [InlineData("2 sec", 2000)]
    [InlineData("10min", 600_000)]
    [InlineData("10m", 600_000)]
    [InlineData("2H", 7_200_000)]
    [InlineData("00:05:00", 300_000)]
    [InlineData("0:0:0.3", 300)]
    [InlineData("1.02:00:00", 93_600_000)]
    [InlineData("0", 0)]
    public void A_unit_says_what_a_number_means(string text, long milliseconds) =>
        Assert.Equal(milliseconds, Duration.Parse(text).Milliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("-00:01:00")]
    [InlineData("5 days")]
    [InlineData("1,5s")]
    [InlineData("00:99:00")]
    [InlineData("99999999999h")]
    public void What_is_no_time_is_refused_with_the_text_and_a_way_to_write_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => Duration.Parse(text));
        Assert.Equal($"'{text}' is not a time. Write it as 300ms, 1.5s, 10min or 00:10:00.", error.Message);
    }

    [Fact]
    public void A_number_alone_is_refused_or_means_seconds()
    {
        Assert.Equal("'300' has no unit. Write 300ms or 300s.", Assert.Throws<FormatException>(() => Duration.Parse("300")).Message);
        Assert.Equal(300_000, Duration.Parse("300", PlainNumber.Seconds).Milliseconds);
        Assert.Equal(1500, Duration.Parse("1.5", PlainNumber.Seconds).Milliseconds);
        Assert.Equal(300, Duration.Parse("300ms", PlainNumber.Seconds).Milliseconds);
    }

    [Theory]
    [InlineData("0", "0 ms")]
    [InlineData("204ms", "204 ms")]
    [InlineData("999.6ms", "1 s")]
    [InlineData("1400ms", "1.4 s")]
    [InlineData("99.97s", "00:01:39")]
    [InlineData("100s", "00:01:40")]
    [InlineData("1500min", "1.01:00:00")]
    public void It_reads_well(string text, string shown) => Assert.Equal(shown, Duration.Parse(text).ToString());

    [Fact]
    public void What_it_writes_it_reads_as_the_same()
    {
        foreach (var value in Many.Longs(0, (long)TimeSpan.FromDays(10_000).TotalMilliseconds))
        {
            var text = Duration.FromMilliseconds(value).ToString();
            Assert.Equal(text, Duration.Parse(text).ToString());
        }
    }

    [Fact]
    public void It_is_a_TimeSpan_and_a_TimeSpan_is_one()
    {
        Duration duration = TimeSpan.FromSeconds(2);
        Assert.Equal(TimeSpan.FromSeconds(2), (TimeSpan)duration);
        Assert.Equal(Duration.FromMilliseconds(2000), duration);
        Assert.True(duration.CompareTo(Duration.FromMilliseconds(1999)) > 0);
    }
}
