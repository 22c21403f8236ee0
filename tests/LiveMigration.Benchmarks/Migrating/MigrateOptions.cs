using System.Globalization;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>How <see cref="MigrateBenchmark"/> measures.</summary>
internal sealed record MigrateOptions
{
    /// <summary>Pairs of migrations with standing connections.</summary>
    internal int Pairs { get; init; } = 8;

    /// <summary>Pairs of migrations by a fresh process each.</summary>
    internal int ProcessPairs { get; init; }

    /// <summary>How long a last migration should take, in which our CPU time is measured; 0 for none.</summary>
    internal int LongSeconds { get; init; }

    internal bool Direct { get; init; }

    internal bool Unsafe { get; init; }

    internal static MigrateOptions Parse(IEnumerable<string> words) => words.Aggregate(new MigrateOptions(), (options, word) =>
        word.Split('=', 2) switch
        {
            ["pairs", var count] => options with { Pairs = Number(count) },
            ["process", var count] => options with { ProcessPairs = Number(count) },
            ["long", var seconds] => options with { LongSeconds = Number(seconds) },
            ["mode", "p2p"] => options with { Direct = false },
            ["mode", "direct"] => options with { Direct = true },
            ["unsafe", var yes] => options with { Unsafe = yes == "1" },
            _ => throw new ArgumentException($"'{word}' is not understood."),
        });

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
