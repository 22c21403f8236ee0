using System.Globalization;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>Migrations as samples: recorded ones from the files in Series/, and made ones.</summary>
internal static class Series
{
    /// <summary>The recordings are of one guest of 128 MiB.</summary>
    internal static readonly PolicyFacts Recorded = new() { MemorySize = new ByteSize(128L << 20) };

    internal static IEnumerable<PolicySample> Read(string name) =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Monitoring", "Policies", "Series", $"{name}.tsv"))
        where !line.StartsWith('#')
        let fields = line.Split('\t').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray()
        select new PolicySample
        {
            Elapsed = TimeSpan.FromMilliseconds(fields[0]),
            Iteration = (int)fields[1],
            Remaining = new ByteSize(fields[2]),
            Transferred = new ByteSize(fields[3]),
            Rate = Bandwidth.FromBytes((long)fields[4]),
            DirtyRate = Bandwidth.FromBytes((long)fields[5]),
        };

    /// <summary>The series over and over, as though the migration went on.</summary>
    internal static IEnumerable<PolicySample> Repeat(string name, int times)
    {
        var once = Read(name).ToList();
        var (last, pass) = (once[^1].Elapsed, once[^1].Iteration!.Value);
        return Enumerable.Range(0, times).SelectMany(time => once.Skip(time == 0 ? 0 : 25).Select(sample => sample with
        {
            Elapsed = sample.Elapsed + time * last,
            Iteration = sample.Iteration + time * pass,
            Transferred = new ByteSize(sample.Transferred!.Value.Bytes + time * once[^1].Transferred!.Value.Bytes),
        }));
    }

    /// <summary>Samples at an even pace from 0 on, in seconds.</summary>
    internal static IEnumerable<PolicySample> Every(double pace, double until, Func<double, PolicySample>? make = null) =>
        Enumerable.Range(0, (int)(until / pace) + 1)
            .Select(number => number * pace)
            .Select(seconds => (make?.Invoke(seconds) ?? new PolicySample { Elapsed = default }) with { Elapsed = TimeSpan.FromSeconds(seconds) });

    /// <summary>What is decided, and when, one line each: <c>300 1326 ms</c>.</summary>
    internal static List<string> Feed(this ConvergencePolicy policy, IEnumerable<PolicySample> samples) =>
    [
        .. samples.SelectMany(sample => policy.Decide(sample).Select(decision =>
            string.Create(CultureInfo.InvariantCulture, $"{sample.Elapsed.TotalSeconds:0.###} {Word(decision)}"))),
    ];

    /// <summary>The decisions about one sample.</summary>
    internal static List<string> Feed(this ConvergencePolicy policy, PolicySample sample) => [.. policy.Decide(sample).Select(Word)];

    private static string Word(PolicyDecision decision) => decision switch
    {
        PolicyDecision.SetMaxDowntime { Downtime: var downtime } => $"{downtime.Milliseconds} ms",
        PolicyDecision.SetBandwidth { Bandwidth: var bandwidth } => bandwidth.ToString(),
        PolicyDecision.Abort { Cause: var cause } => $"abort: {cause}",
        PolicyDecision.StartPostCopy => "post-copy",
        PolicyDecision.Suspend => "suspend",
        _ => "wait",
    };
}
