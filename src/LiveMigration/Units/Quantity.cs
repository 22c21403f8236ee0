using System.Globalization;

namespace LiveMigration.Units;

/// <summary>What sizes and rates share: a number followed by a prefixed unit.</summary>
internal static class Quantity
{
    internal static bool TrySplit(string text, out double value, out string unit)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-').Count();
        unit = text[digits..].Trim();
        return double.TryParse(text.AsSpan(0, digits), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Compares a number with what PowerShell gives: any number, or nothing.</summary>
    internal static int Compare(long value, object? other) => other switch
    {
        null => 1,
        IConvertible number and not (string or char or bool or DateTime or Enum) =>
            Convert.ToDecimal(value, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(number, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"{other} is not a number.", nameof(other)),
    };

    /// <summary>The factor of a decimal (k, M, G) or binary (Ki, Mi, Gi) prefix; null when there is no such prefix.</summary>
    internal static double? Prefix(string prefix) => prefix.ToLowerInvariant() switch
    {
        "" => 1,
        "k" => 1e3,
        "m" => 1e6,
        "g" => 1e9,
        "t" => 1e12,
        "p" => 1e15,
        "ki" => 1L << 10,
        "mi" => 1L << 20,
        "gi" => 1L << 30,
        "ti" => 1L << 40,
        "pi" => 1L << 50,
        _ => null,
    };
}
