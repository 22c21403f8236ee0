using System.Globalization;

namespace LiveMigration.Units;

/// <summary>A length of time. Reads <c>300ms</c>, <c>1.5s</c>, <c>10min</c>, <c>2h</c>, <c>00:05:00</c>, or a number in milliseconds.</summary>
/// <param name="Value">The time as a <see cref="TimeSpan"/>, 0 or more.</param>
public readonly record struct Duration(TimeSpan Value) : IComparable<Duration>
{
    /// <summary>A plain number is milliseconds.</summary>
    /// <param name="milliseconds">Milliseconds.</param>
    public Duration(long milliseconds)
        : this(TimeSpan.FromMilliseconds(milliseconds))
    {
    }

    /// <summary>Whole milliseconds, rounded.</summary>
    public long Milliseconds => (long)Math.Round(Value.TotalMilliseconds);

    /// <summary>A <see cref="TimeSpan"/> is a duration.</summary>
    /// <param name="value">The time.</param>
    public static implicit operator Duration(TimeSpan value) => new(value);

    /// <summary>A duration is a <see cref="TimeSpan"/>.</summary>
    /// <param name="duration">The time.</param>
    public static implicit operator TimeSpan(Duration duration) => duration.Value;

    /// <summary>Reads a duration.</summary>
    /// <param name="text">For example <c>300ms</c>, <c>1.5s</c>, <c>00:05:00</c>.</param>
    /// <exception cref="FormatException">The text is not a duration.</exception>
    public static Duration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Contains(':') && TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero)
            return span;
        if (Quantity.TrySplit(trimmed, out var value, out var unit) && value >= 0 && Scale(unit) is { } milliseconds
            && value * milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2)
            return TimeSpan.FromMilliseconds(value * milliseconds);
        throw new FormatException($"'{text}' is not a time. Write it as 300ms, 1.5s, 10min, 00:10:00 or as a number of milliseconds.");
    }

    /// <inheritdoc/>
    public int CompareTo(Duration other) => Value.CompareTo(other.Value);

    /// <summary>For example <c>204 ms</c>, <c>1.4 s</c>, <c>00:12:30</c> or <c>1.02:00:00</c> (a day and two hours).</summary>
    public override string ToString() => Value.TotalMilliseconds switch
    {
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMilliseconds:0} ms"),
        < 99_950 => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalSeconds:0.#} s"),
        < 86_400_000 => Value.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        _ => Value.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
    };

    private static double? Scale(string unit) => unit.ToLowerInvariant() switch
    {
        "" or "ms" => 1,
        "s" or "sec" => 1000,
        "m" or "min" => 60_000,
        "h" => 3_600_000,
        _ => null,
    };
}
