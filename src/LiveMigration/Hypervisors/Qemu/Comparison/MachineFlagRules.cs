using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>The machine's own properties: <c>-machine …,hpet=off</c>.</summary>
internal static class MachineFlagRules
{
    /// <summary>Compared elsewhere, in the words of another option, or of no machine's making.</summary>
    private static readonly HashSet<string> Elsewhere =
        ["type", "memory-backend", "firmware", "dt-compatible", "phandle-start", "device-memory-region-size", "dumpdtb", "dtb", "suppress-vmdesc", "rtc-time", "acpi-device", "rtc_state", "smram"];

    /// <summary>Flags that stand for a device of the machine: without it, its state is unknown there.</summary>
    private static readonly HashSet<string> OfDevices = ["hpet", "i8042", "pit", "pic", "usb", "sata", "smbus"];

    /// <summary>What the host alone notices.</summary>
    private static readonly HashSet<string> OfHost = ["mem-merge", "dump-guest-core", "graphics", "aux-ram-share"];

    /// <summary>What is read once, when the guest boots.</summary>
    private static readonly HashSet<string> OfBoot = ["kernel", "initrd", "append", "shim", "x-oem-id", "x-oem-table-id", "smbios-entry-point-type"];

    internal static IEnumerable<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination)
    {
        if (source.Machine is not { } here || destination.Machine is not { } there)
        {
            yield return Verdicts.NotAsked("-machine flags", null, null);
            yield break;
        }

        foreach (var name in here.Keys.Union(there.Keys).Where(name => !Elsewhere.Contains(name)).Order(StringComparer.Ordinal))
        {
            var (value, other) = (here.GetValueOrDefault(name), there.GetValueOrDefault(name));
            var what = OfBoot.Contains(name) && name is "kernel" or "initrd" or "append" ? $"-{name}" : $"-machine {name}=";
            if (here.ContainsKey(name) != there.ContainsKey(name))
            {
                if (source.Facts.Machine == destination.Facts.Machine && !OfHost.Contains(name) && !Absence.IsAlike(name, value ?? other))
                    yield return Verdicts.NotAsked(what, value, other);
                continue;
            }

            var (verdict, why) = Judge(name, value, other, source.Facts.Machine == destination.Facts.Machine);
            yield return Verdicts.Of(what, value, other, verdict, why, $"Start the destination with {name}={value}.");
        }
    }

    private static (QemuDifferenceVerdict Verdict, string Why) Judge(string name, string? source, string? destination, bool sameType) =>
        OfDevices.Contains(name) ? (source is "off"
            ? (Dangerous, "QEMU accepts it, and has a device that the guest does not know.")
            : (destination is "off" ? Fatal : Unknown, "QEMU refuses: the state of this device is unknown to it."))
        : OfHost.Contains(name) ? (Harmless, "The guest does not notice.")
        : OfBoot.Contains(name) ? (Dangerous, "QEMU accepts it; the guest notices when it boots the next time.")
        : name is "max-ram-below-4g" ? (Dangerous, "QEMU accepts it, and the guest's memory is at other addresses.")
        : (sameType ? Unknown : Harmless, sameType ? "It is not known what QEMU makes of it." : "It goes with the machine type.");
}
