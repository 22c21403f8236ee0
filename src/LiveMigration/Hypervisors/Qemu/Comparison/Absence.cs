using System.Collections.Frozen;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>A property that one QEMU has, and the other, of another version, has not: whether both do the same all the same.</summary>
internal static class Absence
{
    /// <summary>Switched off, or left to QEMU.</summary>
    private static readonly FrozenSet<string> Neutral = FrozenSet.ToFrozenSet(["off", "0", "", "auto", "-1", "[]", "{}"]);

    /// <summary>With this value a QEMU does what those do that have no such property.</summary>
    private static readonly FrozenDictionary<string, string> Always = new Dictionary<string, string>
    {
        ["legacy-multi-node"] = "on", ["fd-bootchk"] = "on", ["x-south-bridge"] = "PIIX3",
        ["x-max-bounce-buffer-size"] = "4096", ["x-pcie-ari-nextfn-1"] = "on", ["x-pci-express-writeable-slt-bug"] = "on", ["x-native-hotplug"] = "on",
        ["mitigation"] = "on", ["autonegotiation"] = "on", ["mqes"] = "2047", ["dbcs"] = "on",
    }.ToFrozenDictionary();

    /// <param name="name">The property.</param>
    /// <param name="value">What the one that has it says; null where it could not be read.</param>
    internal static bool IsAlike(string name, string? value) =>
        value is not null && (Always.TryGetValue(name, out var always) ? value == always : Neutral.Contains(value));
}
