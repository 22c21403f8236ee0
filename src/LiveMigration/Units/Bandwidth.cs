namespace LiveMigration.Units;

/// <summary>
/// A rate in bytes per second. Reads <c>500MiB/s</c>, <c>4Gbit/s</c>, <c>500</c> (MiB/s, as in virsh) and <c>max</c>.
/// It is what parameters and policies are given; what the module writes as output are plain numbers of bytes per second.
/// </summary>
public readonly record struct Bandwidth : IComparable<Bandwidth>, IComparable, IFormattable
{
    /// <summary>No limit. libvirt's own unlimited is 8796093022207 MiB/s (<c>VIR_DOMAIN_MIGRATE_MAX_SPEED</c>).</summary>
    public static readonly Bandwidth Unlimited = new(long.MaxValue);

    /// <summary>A plain number in MiB/s from which on no network has it: 128 GiB/s. It was meant in bytes per second.</summary>
    private const double TooMuch = 128 * 1024;

    private Bandwidth(long bytesPerSecond) => BytesPerSecond = bytesPerSecond;

    /// <summary>Bytes per second; <see cref="long.MaxValue"/> is unlimited.</summary>
    public long BytesPerSecond { get; }

    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => BytesPerSecond == long.MaxValue;

    /// <summary>MiB per second, rounded up so that a limit is never read as "unlimited"; 0 when unlimited, as libvirt has it.</summary>
    public ulong MebibytesPerSecond => IsUnlimited ? 0 : ((ulong)BytesPerSecond + ByteSize.MiB - 1) / ByteSize.MiB;

    /// <summary>Fewer.</summary>
    public static bool operator <(Bandwidth left, Bandwidth right) => left.BytesPerSecond < right.BytesPerSecond;

    /// <summary>More.</summary>
    public static bool operator >(Bandwidth left, Bandwidth right) => left.BytesPerSecond > right.BytesPerSecond;

    /// <summary>Fewer, or as many.</summary>
    public static bool operator <=(Bandwidth left, Bandwidth right) => left.BytesPerSecond <= right.BytesPerSecond;

    /// <summary>More, or as many.</summary>
    public static bool operator >=(Bandwidth left, Bandwidth right) => left.BytesPerSecond >= right.BytesPerSecond;

    /// <summary>Bytes per second.</summary>
    public static explicit operator long(Bandwidth bandwidth) => bandwidth.BytesPerSecond;

    /// <summary>Bytes per second.</summary>
    public static explicit operator double(Bandwidth bandwidth) => bandwidth.BytesPerSecond;

    /// <summary>A rate of so many bytes per second. 0 is a rate of nothing, not "unlimited".</summary>
    /// <param name="bytesPerSecond">Bytes per second, 0 or more; <see cref="long.MaxValue"/> is unlimited.</param>
    public static Bandwidth FromBytes(long bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        return new Bandwidth(bytesPerSecond);
    }

    /// <summary>A rate of so many MiB per second. 0 is a rate of nothing, not "unlimited".</summary>
    /// <param name="mebibytesPerSecond">MiB per second, 0 or more.</param>
    public static Bandwidth FromMebibytes(long mebibytesPerSecond) => FromBytes(checked(mebibytesPerSecond * (long)ByteSize.MiB));

    /// <summary>Reads a bandwidth. As in virsh, a number without a unit is in MiB/s, and 0 is unlimited.</summary>
    /// <param name="text">For example <c>500MiB/s</c>, <c>1Gbit/s</c>, <c>300</c>, <c>max</c>.</param>
    /// <exception cref="FormatException">The text is not a bandwidth, or a number without a unit that no network can have.</exception>
    public static Bandwidth Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Equals("max", StringComparison.OrdinalIgnoreCase) || trimmed.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
            return Unlimited;
        if (!Quantity.TrySplit(trimmed, out var value, out var unit) || value < 0 || Scale(unit) is not { } scale)
            throw new FormatException(
                $"'{text}' is not a bandwidth. Write it as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max.");
        if (unit.Length == 0 && value >= TooMuch)
            throw new FormatException(
                $"A plain number is in MiB/s, and {trimmed} would be more than 128 GiB/s. Write the unit: '{trimmed}B/s' for bytes per second, or max.");
        var bytes = value * scale;
        if (bytes == 0)
            return Unlimited;
        if (bytes is < 1 or >= long.MaxValue)
            throw new FormatException($"'{text}' is out of range for a bandwidth.");
        return new Bandwidth((long)Math.Round(bytes));
    }

    /// <summary>A number of bytes per second as a view shows it: <c>117.5 MiB/s</c>; nothing for null.</summary>
    /// <param name="bytesPerSecond">Bytes per second; null is not known.</param>
    public static string Format(long? bytesPerSecond) => bytesPerSecond is { } known ? FromBytes(known).ToString() : "";

    /// <inheritdoc/>
    public int CompareTo(Bandwidth other) => BytesPerSecond.CompareTo(other.BytesPerSecond);

    /// <summary>Compares with another bandwidth, or with a number of bytes per second.</summary>
    public int CompareTo(object? obj) => obj is Bandwidth other ? CompareTo(other) : Quantity.Compare(BytesPerSecond, obj);

    /// <summary>For example <c>117.5 MiB/s</c> or <c>max</c>.</summary>
    public override string ToString() => IsUnlimited ? "max" : $"{new ByteSize(BytesPerSecond)}/s";

    /// <summary>As a number of bytes per second in a numeric format, or as <see cref="ToString()"/> without one.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? ToString() : BytesPerSecond.ToString(format, formatProvider);

    private static double? Scale(string unit)
    {
        if (unit.Length == 0)
            return ByteSize.MiB;
        var rate = unit.EndsWith("/s", StringComparison.OrdinalIgnoreCase) ? unit[..^2]
            : unit.EndsWith("ps", StringComparison.OrdinalIgnoreCase) ? unit[..^2]
            : unit;
        // "500/s" would be bytes and "500" is MiB/s: nobody means the one and knows that it is not the other.
        if (rate.Length == 0)
            return null;
        if (rate.EndsWith("bit", StringComparison.OrdinalIgnoreCase))
            return Quantity.Prefix(rate[..^3]) / 8;
        // "b" is bits and "B" is bytes: the one place where case counts.
        if (rate.EndsWith('b'))
            return Quantity.Prefix(rate[..^1]) / 8;
        return rate.EndsWith('B') ? Quantity.Prefix(rate[..^1]) : Quantity.Prefix(rate);
    }
}
