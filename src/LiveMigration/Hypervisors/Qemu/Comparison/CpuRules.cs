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

    /// <summary>Names that QEMU has for one feature beside the first; not all versions have all of them.</summary>
    private static readonly Dictionary<string, string> Aliases =
        new() { ["sse3"] = "pni", ["pclmuldq"] = "pclmulqdq", ["i64"] = "lm", ["xd"] = "nx", ["ffxsr"] = "fxsr-opt", ["hv-apicv"] = "hv-avic" };

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

        var (mine, theirs) = (Features(here), Features(there));
        string[] lacking = [.. Only(mine, theirs)];
        string[] more = [.. Only(theirs, mine)];
        var untold = mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Here: IsTold(mine, name), There: IsTold(theirs, name))).Where(one => !one.Here || !one.There).GroupBy(one => (one.Here, one.There)).ToArray();
        foreach (var names in untold)
            yield return Verdicts.NotAsked($"-cpu {string.Join(',', names.Select(one => one.Name))}", names.Key.Here ? "told" : null, names.Key.There ? "told" : null);
        if (lacking.Length > 0 || untold.Length == 0)
        {
            yield return Verdicts.Of(
                "-cpu features", Words(lacking), lacking.Length == 0 ? Words(lacking) : "without them", Dangerous,
                "QEMU accepts it; the guest may use what this CPU does not have, and fails then.", "Start the destination with the same -cpu.");
        }

        if (more.Length > 0 || untold.Length == 0)
        {
            yield return Verdicts.Of(
                "-cpu more features", more.Length == 0 ? Words(more) : "without them", Words(more), Dangerous,
                "QEMU accepts it; programs that start in the guest later find another CPU than those before.", "Start the destination with the same -cpu.");
        }

        foreach (var name in Values.Where(name => here.ContainsKey(name) || there.ContainsKey(name)))
        {
            yield return Verdicts.Of(
                $"-cpu {name}=", here.GetValueOrDefault(name), there.GetValueOrDefault(name), Dangerous, "QEMU accepts it; the guest has read another value.", "Start the destination with the same -cpu.");
        }
    }

    /// <summary>The flags that are on here and not there: off, or unknown to this version.</summary>
    private static IEnumerable<string> Only(Dictionary<string, string?> here, Dictionary<string, string?> there) =>
        here.Where(pair => pair.Value is "on" && (there.TryGetValue(pair.Key, out var other) ? other is "off" : !Absence.IsAlike(pair.Key, "on")))
            .Select(pair => pair.Key).Order(StringComparer.Ordinal);

    /// <summary>The flags, each under one of its spellings; null is one that could not be read in any.</summary>
    private static Dictionary<string, string?> Features(IReadOnlyDictionary<string, string?> properties)
    {
        var features = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (spelled, value) in properties.Where(pair => pair.Value is "on" or "off" or null && !NoFeatures.Contains(pair.Key) && !Values.Contains(pair.Key)))
        {
            var name = spelled.Replace('_', '-').Replace('.', '-');
            name = Aliases.GetValueOrDefault(name, name);
            features[name] = features.GetValueOrDefault(name) is "on" ? "on" : value ?? features.GetValueOrDefault(name);
        }

        return features;
    }

    /// <summary>Whether it is known; what a version does not have is.</summary>
    private static bool IsTold(Dictionary<string, string?> features, string name) => !features.TryGetValue(name, out var value) || value is not null;

    private static string Words(string[] features) => features.Length == 0 ? "the same" : string.Join(", ", features);
}
