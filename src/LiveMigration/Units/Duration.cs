using System.Globalization;

namespace LiveMigration.Units;

/// <summary>
/// A length of time. Reads <c>300ms</c>, <c>1.5s</c>, <c>10min</c>, <c>2h</c>, <c>00:05:00</c>. What a number without a unit means is
/// for the reader to say. It is what parameters and policies are given; what the module writes as output are TimeSpans.
/// </summary>
/// <param name="Value">The time as a <see cref="TimeSpan"/>, 0 or more.</param>
public readonly record struct Duration(TimeSpan Value) : IComparable<Duration>, IComparable, IFormattable
{
    /// <summary>Whole milliseconds, rounded.</summary>
    public long Milliseconds => (long)Math.Round(Value.TotalMilliseconds);

    /// <summary>A <see cref="TimeSpan"/> is a duration.</summary>
    /// <param name="value">The time.</param>
    public static implicit operator Duration(TimeSpan value) => new(value);

    /// <summary>A duration is a <see cref="TimeSpan"/>.</summary>
    /// <param name="duration">The time.</param>
    public static implicit operator TimeSpan(Duration duration) => duration.Value;

    /// <summary>Shorter.</summary>
    public static bool operator <(Duration left, Duration right) => left.Value < right.Value;

    /// <summary>Longer.</summary>
    public static bool operator >(Duration left, Duration right) => left.Value > right.Value;

    /// <summary>Shorter, or as long.</summary>
    public static bool operator <=(Duration left, Duration right) => left.Value <= right.Value;

    /// <summary>Longer, or as long.</summary>
    public static bool operator >=(Duration left, Duration right) => left.Value >= right.Value;

    /// <summary>A time of so many milliseconds.</summary>
    /// <param name="milliseconds">Milliseconds, 0 or more.</param>
    public static Duration FromMilliseconds(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Reads a duration with its unit.</summary>
    /// <param name="text">For example <c>300ms</c>, <c>1.5s</c>, <c>00:05:00</c>.</param>
    /// <exception cref="FormatException">The text is not a duration, or has no unit.</exception>
    public static Duration Parse(string text) => Parse(text, PlainNumber.NeedsUnit);

    /// <summary>Reads a duration.</summary>
    /// <param name="text">For example <c>300ms</c>, <c>1.5s</c>, <c>00:05:00</c>, or a number.</param>
    /// <param name="plainNumber">What a number without a unit means. 0 needs none.</param>
    /// <exception cref="FormatException">The text is not a duration.</exception>
    public static Duration Parse(string text, PlainNumber plainNumber)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Contains(':') && TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero)
            return span;
        if (Quantity.TrySplit(trimmed, out var value, out var unit) && value >= 0)
        {
            if (unit.Length == 0 && value > 0 && plainNumber is PlainNumber.NeedsUnit)
                throw new FormatException($"'{text}' has no unit. Write {trimmed}ms or {trimmed}s.");
            if (Scale(unit.Length == 0 ? "s" : unit) is { } milliseconds
                && value * milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2)
                return TimeSpan.FromMilliseconds(value * milliseconds);
        }

        throw new FormatException($"'{text}' is not a time. Write it as 300ms, 1.5s, 10min or 00:10:00{(plainNumber is PlainNumber.Seconds ? ", or as a number of seconds" : "")}.");
    }

    /// <summary>A time as a view shows it: <c>204 ms</c>; nothing for null.</summary>
    /// <param name="time">The time; null is not known.</param>
    public static string Format(TimeSpan? time) => time is { } known ? new Duration(known).ToString() : "";

    /// <inheritdoc/>
    public int CompareTo(Duration other) => Value.CompareTo(other.Value);

    /// <summary>Compares with another duration or with a TimeSpan.</summary>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Duration other => CompareTo(other),
        TimeSpan other => Value.CompareTo(other),
        _ => throw new ArgumentException($"{obj} is not a time.", nameof(obj)),
    };

    /// <summary>For example <c>204 ms</c>, <c>1.4 s</c>, <c>00:12:30</c> or <c>1.02:00:00</c> (a day and two hours).</summary>
    public override string ToString() => Value.TotalMilliseconds switch
    {
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMilliseconds:0} ms"),
        < 99_950 => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalSeconds:0.#} s"),
        < 86_400_000 => Value.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        _ => Value.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>In a format of TimeSpan, or as <see cref="ToString()"/> without one.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? ToString() : Value.ToString(format, formatProvider);

    private static double? Scale(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" => 1,
        "s" or "sec" => 1000,
        "m" or "min" => 60_000,
        "h" => 3_600_000,
        _ => null,
    };
}
