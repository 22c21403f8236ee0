namespace LiveMigration.Tests;

/// <summary>Many values for a property to hold for: random, and the same with each run.</summary>
internal static class Many
{
    public const int Count = 5000;

    /// <summary>Spread over the orders of magnitude rather than over the range.</summary>
    public static IEnumerable<ulong> Ulongs(ulong from, ulong to)
    {
        var random = new Random(20);
        yield return from;
        for (var made = 0; made < Count; made++)
        {
            var value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            if (value >= from && value <= to)
                yield return value;
        }

        yield return to;
    }

    public static IEnumerable<long> Longs(long from, long to) => Ulongs((ulong)from, (ulong)to).Select(value => (long)value);

    /// <summary>Any text that a file name may have.</summary>
    public static IEnumerable<string> Texts()
    {
        var random = new Random(20);
        for (var made = 0; made < Count; made++)
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(' ', random.Next(2) == 0 ? 127 : 0x2FF)));
    }
}
