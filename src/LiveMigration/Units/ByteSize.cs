using System.Globalization;

namespace LiveMigration.Units;

/// <summary>
/// A number of bytes. Reads <c>20GiB</c>, <c>512MiB</c>, <c>1.5TB</c>, <c>4096</c> (bytes).
/// It is what parameters and policies are given; what the module writes as output are plain numbers of bytes.
/// </summary>
/// <param name="Bytes">Bytes, 0 or more.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IComparable, IFormattable
{
    internal const ulong MiB = 1024 * 1024;

    /// <summary>Fewer.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>More.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Fewer, or as many.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>More, or as many.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>A size is a number of bytes.</summary>
    public static implicit operator long(ByteSize size) => size.Bytes;

    /// <summary>A number of bytes.</summary>
    public static explicit operator double(ByteSize size) => size.Bytes;

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

    /// <summary>A number of bytes as a view shows it: <c>1.5 GiB</c>; nothing for null.</summary>
    /// <param name="bytes">Bytes; null is not known.</param>
    public static string Format(long? bytes) => bytes is { } known ? new ByteSize(known).ToString() : "";

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Compares with another size, or with a number of bytes.</summary>
    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : Quantity.Compare(Bytes, obj);

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

    /// <summary>As a number of bytes in a numeric format, or as <see cref="ToString()"/> without one.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? ToString() : Bytes.ToString(format, formatProvider);
}
