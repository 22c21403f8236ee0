using System.Globalization;

namespace LiveMigration.Units;

/// <summary>
/// A rate in bytes per second. Reads <c>500MiB/s</c>, <c>4Gbit/s</c>, <c>500</c> (MiB/s, as in virsh) and <c>max</c>.
/// </summary>
/// <param name="BytesPerSecond">Bytes per second; <see cref="ulong.MaxValue"/> is unlimited.</param>
public readonly record struct Bandwidth(ulong BytesPerSecond) : IComparable<Bandwidth>
{
    /// <summary>No limit. libvirt's own unlimited is 8796093022207 MiB/s (<c>VIR_DOMAIN_MIGRATE_MAX_SPEED</c>).</summary>
    public static readonly Bandwidth Unlimited = new(ulong.MaxValue);

    /// <summary>A plain number is MiB/s, as in virsh; 0 is unlimited.</summary>
    /// <param name="mebibytesPerSecond">MiB per second.</param>
    public Bandwidth(long mebibytesPerSecond)
        : this(mebibytesPerSecond switch
        {
            0 => ulong.MaxValue,
            < 0 => throw new ArgumentOutOfRangeException(nameof(mebibytesPerSecond), "A bandwidth cannot be negative."),
            _ => checked((ulong)mebibytesPerSecond * ByteSize.MiB),
        })
    {
    }

    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => BytesPerSecond == ulong.MaxValue;

    /// <summary>MiB per second, rounded up so that a limit is never read as "unlimited"; 0 when unlimited, as libvirt has it.</summary>
    public ulong MebibytesPerSecond =>
        IsUnlimited ? 0 : BytesPerSecond / ByteSize.MiB + (BytesPerSecond % ByteSize.MiB == 0 ? 0UL : 1UL);

    /// <summary>Reads a bandwidth.</summary>
    /// <param name="text">For example <c>500MiB/s</c>, <c>1Gbit/s</c>, <c>300</c>, <c>max</c>.</param>
    /// <exception cref="FormatException">The text is not a bandwidth.</exception>
    public static Bandwidth Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Equals("max", StringComparison.OrdinalIgnoreCase) || trimmed.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
            return Unlimited;
        if (!Quantity.TrySplit(trimmed, out var value, out var unit) || value < 0 || Scale(unit) is not { } scale)
            throw new FormatException(
                $"'{text}' is not a bandwidth. Write it as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max.");
        var bytes = value * scale;
        if (bytes == 0)
            return Unlimited;
        if (bytes is < 1 or >= ulong.MaxValue)
            throw new FormatException($"'{text}' is out of range for a bandwidth.");
        return new Bandwidth((ulong)Math.Round(bytes));
    }

    /// <inheritdoc/>
    public int CompareTo(Bandwidth other) => BytesPerSecond.CompareTo(other.BytesPerSecond);

    /// <summary>For example <c>117.5 MiB/s</c> or <c>max</c>.</summary>
    public override string ToString() =>
        IsUnlimited ? "max" : string.Create(CultureInfo.InvariantCulture, $"{new ByteSize((long)Math.Min(BytesPerSecond, long.MaxValue))}/s");

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
