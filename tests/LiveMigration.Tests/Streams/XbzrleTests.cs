using LiveMigration.Streams.Reading;

namespace LiveMigration.Tests.Streams;

/// <summary>The changes of a page, as QEMU's migration/xbzrle.c writes them.</summary>
public sealed class XbzrleTests
{
    [Theory]
    [InlineData("", "0001020304050607")]
    [InlineData("00 01 FF", "FF01020304050607")]
    [InlineData("02 02 AABB 01 01 CC", "0001AABB04CC0607")]
    [InlineData("07 01 FF", "00010203040506FF")]
    [InlineData("8200 01 FF", "0001FF0304050607")]
    [InlineData("08", "0001020304050607")]
    public void Are_put_in(string changes, string page)
    {
        byte[] bytes = [0, 1, 2, 3, 4, 5, 6, 7];

        Assert.True(Xbzrle.Apply(Convert.FromHexString(changes.Replace(" ", "", StringComparison.Ordinal)), bytes));
        Assert.Equal(page, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("09")]
    [InlineData("08 01 FF")]
    [InlineData("00 02 FF")]
    [InlineData("00 00")]
    [InlineData("80")]
    [InlineData("8080 01 FF")]
    [InlineData("00 09 000102030405060708")]
    public void That_do_not_fit_are_refused(string changes) =>
        Assert.False(Xbzrle.Apply(Convert.FromHexString(changes.Replace(" ", "", StringComparison.Ordinal)), new byte[8]));
}
