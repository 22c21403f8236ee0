using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>What a machine makes without a <c>-device</c>: serial ports, a floppy drive, a default network card, ….</summary>
internal static class BoardRules
{
    /// <summary>The flag that has told it already.</summary>
    private static readonly Dictionary<string, string> Flags = new() { ["hpet"] = "hpet", ["isa-pit"] = "pit", ["i8042"] = "i8042", ["ich9-ahci"] = "sata", ["ICH9-SMB"] = "smbus", ["smbus-eeprom"] = "smbus" };

    /// <summary>What goes with a type of machine or accelerator, which is told already.</summary>
    private static readonly HashSet<string> WithoutState = ["kvmvapic", "port92", "isa-pcspk"];

    /// <summary>The option that makes it.</summary>
    private static readonly Dictionary<string, string> Options = new() { ["isa-serial"] = "-serial", ["isa-parallel"] = "-parallel", ["isa-fdc"] = "-drive if=floppy", ["vmport"] = "-machine vmport=", ["vmmouse"] = "-machine vmport=" };

    internal static IEnumerable<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination)
    {
        if (source.Facts.Machine != destination.Facts.Machine || source.Facts.IsKvm != destination.Facts.IsKvm)
            yield break; // Another machine has other parts.
        if (source.Board is not { } here || destination.Board is not { } there)
        {
            yield return Verdicts.NotAsked("parts of the machine", null, null);
            yield break;
        }

        // Another version has its own parts elsewhere in the tree of objects, with the same state; what an option makes is found in all.
        var sameVersion = (source.Facts.Version?.Major, source.Facts.Version?.Minor) == (destination.Facts.Version?.Major, destination.Facts.Version?.Minor);
        foreach (var type in here.Keys.Union(there.Keys).Where(type => !IsTold(type, source, destination) && (sameVersion || Options.ContainsKey(type))).Order(StringComparer.Ordinal))
        {
            var (one, other) = (here.GetValueOrDefault(type), there.GetValueOrDefault(type));
            var what = Options.TryGetValue(type, out var option) ? $"{option} ({type})" : type;
            yield return one <= other
                ? Verdicts.Of(what, $"{one}", $"{other}", Dangerous, "QEMU accepts it, and has a device that the guest does not know.", "Start the destination without it.")
                : Verdicts.Of(what, $"{one}", $"{other}", WithoutState.Contains(type) ? Dangerous : Fatal, $"QEMU refuses: Unknown savevm section or instance of {type}.", "Start the destination with it.");
        }
    }

    private static bool IsTold(string type, QemuConfiguration source, QemuConfiguration destination) =>
        Flags.TryGetValue(type, out var flag) && source.Machine?.GetValueOrDefault(flag) != destination.Machine?.GetValueOrDefault(flag);
}
