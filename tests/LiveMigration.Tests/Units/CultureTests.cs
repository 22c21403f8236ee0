using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.Tests.Units;

public sealed class CultureTests
{
    [Theory]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void Units_are_read_and_written_the_same_everywhere(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal("1.5 GiB/s", Bandwidth.Parse("1.5GIB/S").ToString());
            Assert.Equal("1.5 TiB", ByteSize.Parse("1.5TIB").ToString());
            Assert.Equal("1.5 s", Duration.Parse("0.025MIN").ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
