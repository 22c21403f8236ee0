using System.Globalization;
using LiveMigration.Evacuation.Running;
using LiveMigration.Storage.Images;
using LiveMigration.Tests.Readiness;
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

    /// <summary>Where another calendar counts the years, and a clock has dots.</summary>
    [Theory]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("fi-FI")]
    public void Times_are_written_the_same_everywhere(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal("web.qcow2.moved-20261129-023000", SourceImages.MovedName("web.qcow2", new(2026, 11, 29, 2, 30, 0, DateTimeKind.Utc)));
            Assert.Equal("23:59:01", EvacuationExecutor.Clock(new(2026, 11, 29, 23, 59, 1, TimeSpan.Zero)));
            new ReadinessPolicyTests().A_waiver_holds_to_its_last_day_and_is_told();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
