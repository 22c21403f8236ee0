using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>CPU model and features. On x86 nothing of that is in a stream, so nobody else compares it.</summary>
internal static class CpuRules
{
    /// <summary>What is of one CPU, of the host or of the moment.</summary>
    private static readonly HashSet<string> NoFeatures =
        ["type", "realized", "hotplugged", "hotpluggable", "start-powered-off", "crash-information", "apic-id", "core-id", "die-id", "node-id", "socket-id", "thread-id", "module-id", "cluster-id", "tsc-frequency", "legacy-memory",
            // They follow from the number of CPUs: an older QEMU sets them only when the guest asks.
            "ht", "cmp-legacy", "cmp_legacy"];

    private static readonly string[] Values = ["family", "model", "stepping", "vendor", "level", "xlevel", "phys-bits", "model-id"];

    internal static IEnumerable<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination)
    {
        yield return Verdicts.Of(
            "-cpu", source.CpuType, destination.CpuType, Dangerous, "QEMU accepts it; the guest has read what another CPU can do, and uses that.", $"Start the destination with -cpu {source.CpuType}.");
        if (source.Cpu is not { } here || destination.Cpu is not { } there)
        {
            yield return Verdicts.NotAsked("-cpu features", null, null);
            yield break;
        }

        string[] lacking = [.. Only(here, there)];
        string[] more = [.. Only(there, here)];
        yield return Verdicts.Of(
            "-cpu features", Words(lacking), lacking.Length == 0 ? Words(lacking) : "without them", Dangerous,
            "QEMU accepts it; the guest may use what this CPU does not have, and fails then.", "Start the destination with the same -cpu.");
        yield return Verdicts.Of(
            "-cpu more features", more.Length == 0 ? Words(more) : "without them", Words(more), Dangerous,
            "QEMU accepts it; programs that start in the guest later find another CPU than those before.", "Start the destination with the same -cpu.");
        foreach (var name in Values.Where(name => here.ContainsKey(name) && there.ContainsKey(name)))
            yield return Verdicts.Of($"-cpu {name}=", here[name], there[name], Dangerous, "QEMU accepts it; the guest has read another value.", "Start the destination with the same -cpu.");
    }

    /// <summary>The flags that are on here and not there; one that has several spellings once.</summary>
    private static IEnumerable<string> Only(IReadOnlyDictionary<string, string?> here, IReadOnlyDictionary<string, string?> there) =>
        here.Where(pair => pair.Value is "on" && !NoFeatures.Contains(pair.Key) && there.TryGetValue(pair.Key, out var other) && other is "off")
            .Select(pair => pair.Key.Replace('_', '-').Replace('.', '-')).Distinct().Order(StringComparer.Ordinal);

    private static string Words(string[] features) => features.Length == 0 ? "the same" : string.Join(", ", features);
}
