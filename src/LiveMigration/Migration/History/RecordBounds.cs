using LiveMigration.State;

namespace LiveMigration.Migration.History;

/// <summary>Numbers of a record that this version could have written. What is beyond is null: one bad record must not stop who reads the others.</summary>
internal static class RecordBounds
{
    /// <summary>More bytes, or bytes per second, than any host has or sends: 1 PiB.</summary>
    private const long MostBytes = 1L << 50;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Latest = new(2500, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Milliseconds between 0 and ten years; else null.</summary>
    internal static TimeSpan? Time(long? milliseconds) =>
        milliseconds is { } known and >= 0 and <= 10L * 366 * 24 * 60 * 60 * 1000 ? TimeSpan.FromMilliseconds(known) : null;

    /// <summary>The same for a field of a record.</summary>
    internal static TimeSpan? Time(this RecordFields fields, string name) => Time(fields.Number(name));

    /// <summary>Bytes, or bytes per second: 0 to 1 PiB; else null.</summary>
    internal static long? Bytes(long? bytes) => bytes is >= 0 and <= MostBytes ? bytes : null;

    /// <summary>Whether a time can be added to, and subtracted from.</summary>
    internal static bool IsUsual(DateTimeOffset time) => time > Earliest && time < Latest;
}
