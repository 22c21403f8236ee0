using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Seconds → places on a drawing, with marks at round times.</summary>
internal sealed class TimeAxis(double seconds)
{
    /// <summary>Where time begins; names stand before it.</summary>
    internal const double Left = 170;

    /// <summary>Where it ends; what is said of the last bars stands behind it.</summary>
    internal const double Right = 930;

    internal const double Width = 1100;

    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

    internal static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    internal double X(double second) => Left + (Right - Left) * Math.Clamp(second / seconds, 0, 1);

    /// <summary>At most twelve.</summary>
    internal IEnumerable<(double X, string Text)> Marks()
    {
        var step = Steps.FirstOrDefault(step => seconds / step <= 12, Math.Ceiling(seconds / 12 / 86400) * 86400);
        for (var mark = 0; mark * step <= seconds; mark++)
            yield return (X(mark * step), mark == 0 ? "0" : $"{(Duration)TimeSpan.FromSeconds(mark * step)}");
    }
}
