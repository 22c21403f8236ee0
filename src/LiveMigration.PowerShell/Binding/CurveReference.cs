using System.Collections;
using System.Globalization;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>One or more points of a dirty curve: output of <c>Measure-DirtyRate</c>, in this session or another, or a table of periods and sizes.</summary>
public sealed class CurveReference : IReference
{
    /// <summary>A measurement.</summary>
    /// <param name="rate">Output of <c>Measure-DirtyRate</c>.</param>
    public CurveReference(DirtyRate rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        (Text, Name, HostName, Memory) = (rate.Name, rate.Name, rate.HostName, rate.Memory);
        if (rate is { Period: { } period, Dirtied: { } dirtied })
            Points = [new DirtyPoint(period, dirtied, rate.StandardError)];
    }

    /// <summary>A curve as a table: <c>@{ '1s' = '40MiB'; '10s' = '120MiB' }</c>.</summary>
    /// <param name="table">Sizes by period.</param>
    public CurveReference(IDictionary table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Text = string.Join(", ", table.Keys.Cast<object>());
        Points = [.. table.Cast<DictionaryEntry>().Select(entry => Point($"{entry.Key}", entry.Value is IConvertible value ? value.ToString(CultureInfo.InvariantCulture) : $"{entry.Value}"))];
    }

    /// <summary>A measurement as a row of a CSV file, or what JSON or a job brought back.</summary>
    /// <param name="record">The object; it has Period and Dirtied.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public CurveReference(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var properties = new RecordProperties(record);
        if (properties["Period"] is not { } period || properties["Dirtied"] is not { } dirtied)
            throw new ArgumentException($"'{record}' is not a measurement of Measure-DirtyRate: it has no Period and Dirtied.", nameof(record));
        Text = properties["Name"] ?? "";
        (Name, HostName, Memory) = (properties["Name"], properties["HostName"], Number(properties["Memory"]));
        Points = [Point(period, dirtied) with { StandardError = Number(properties["StandardError"]) }];
    }

    /// <inheritdoc/>
    public string Text { get; }

    internal string? Name { get; }

    internal string? HostName { get; }

    internal long? Memory { get; }

    /// <summary>None for a rate of a migration's statistics.</summary>
    internal IReadOnlyList<DirtyPoint> Points { get; } = [];

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DirtyPoint Point(string period, string dirtied)
    {
        try
        {
            return new DirtyPoint(Duration.Parse(period, PlainNumber.Seconds), ByteSize.Parse(dirtied).Bytes);
        }
        catch (FormatException error)
        {
            throw new ArgumentException(error.Message, nameof(dirtied), error);
        }
    }
}
