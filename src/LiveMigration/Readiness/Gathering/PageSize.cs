using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>The size of a huge page, as a definition has it.</summary>
internal static class PageSize
{
    /// <summary>KiB.</summary>
    internal static uint Of(XElement page)
    {
        var number = (string?)page.Attribute("size") ?? "0";
        var unit = (string?)page.Attribute("unit") ?? "KiB";
        var bytes = ByteSize.Parse(string.Create(CultureInfo.InvariantCulture, $"{number}{unit}")).Bytes;
        return (uint)(bytes / 1024);
    }
}
