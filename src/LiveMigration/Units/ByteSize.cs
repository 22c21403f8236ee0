using System.Globalization;

namespace LiveMigration.Units;

/// <summary>A number of bytes. Reads <c>20GiB</c>, <c>512MiB</c>, <c>1.5TB</c>, <c>4096</c> (bytes).</summary>
/// <param name="Bytes">Bytes, 0 or more.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    internal const ulong MiB = 1024 * 1024;

    /// <summary>Reads a size.</summary>
    /// <param name="text">For example <c>20GiB</c>.</param>
    /// <exception cref="FormatException">The text is not a size.</exception>
    public static ByteSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Quantity.TrySplit(text.Trim(), out var value, out var unit)
            && Quantity.Prefix(unit.EndsWith('B') ? unit[..^1] : unit) is { } scale
            && value * scale is >= 0 and < long.MaxValue)
            return new ByteSize((long)Math.Round(value * scale));
        throw new FormatException($"'{text}' is not a size. Write it as 20GiB, 512MiB or as a number of bytes.");
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The size with a binary unit and at most one decimal: <c>1.5 GiB</c>.</summary>
    public override string ToString()
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double value = Bytes;
        var unit = 0;
        while (Math.Round(Math.Abs(value), 1) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}
