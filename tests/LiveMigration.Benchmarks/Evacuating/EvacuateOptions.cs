using System.Globalization;

namespace LiveMigration.Benchmarks.Evacuating;

/// <summary>How <see cref="EvacuateBenchmark"/> measures.</summary>
/// <param name="Rounds">How often each contestant empties a host.</param>
/// <param name="Megabits">The bandwidth of the hosts' links, in Mbit/s.</param>
/// <param name="AtOnce">How many migrations those who can may carry out at a time.</param>
internal sealed record EvacuateOptions(int Rounds, int Megabits, int AtOnce)
{
    internal double BytesPerSecond => Megabits * 1e6 / 8;

    internal static EvacuateOptions Parse(IEnumerable<string> words) => words.Aggregate(new EvacuateOptions(3, 200, 4), (options, word) => word.Split('=', 2) switch
    {
        ["rounds", var count] => options with { Rounds = Number(count) },
        ["megabits", var count] => options with { Megabits = Number(count) },
        ["atonce", var count] => options with { AtOnce = Number(count) },
        _ => throw new ArgumentException($"'{word}' is not understood."),
    });

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
