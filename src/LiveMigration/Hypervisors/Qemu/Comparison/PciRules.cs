using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>The PCI functions as the guest finds them. What is told in the words of a <c>-device</c> is not told again.</summary>
internal static class PciRules
{
    internal static IEnumerable<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination, IReadOnlySet<string> otherPlaces)
    {
        if (source.Pci is not { } here || destination.Pci is not { } there)
        {
            if (source.Pci is not null || destination.Pci is not null)
                yield return Verdicts.NotAsked("PCI devices", null, null);
            yield break;
        }

        if (source.Facts.Machine != destination.Facts.Machine)
            yield break; // Another machine has other devices.
        foreach (var place in here.Concat(there).Select(function => function.Place).Distinct().Where(place => !IsTold(place, otherPlaces)).Order(StringComparer.Ordinal))
        {
            var (one, other) = (here.FirstOrDefault(function => function.Place == place), there.FirstOrDefault(function => function.Place == place));
            if (other is null)
            {
                yield return Verdicts.Missing($"PCI {place}", one!.What, Fatal, $"QEMU refuses: Unknown savevm section or instance of 0000:00:{place}.", "Start the destination with this device, in this slot.");
            }
            else if (one is null)
            {
                yield return Verdicts.Extra($"PCI {place}", other.What, Dangerous, "QEMU accepts it, and has a device that the guest does not know.", "Start the destination without it.");
            }
            else
            {
                yield return one.What != other.What
                    ? Verdicts.Of($"PCI {place}", one.What, other.What, Fatal, "QEMU refuses: Bad config data.", "Start the destination with the same device.")
                    : Verdicts.Of($"PCI regions of {place}", one.Regions, other.Regions, Dangerous, "QEMU accepts it; the guest has given the device other room.", "Start the destination with the same device.");
            }
        }
    }

    private static bool IsTold(string place, IReadOnlySet<string> places) =>
        places.Contains(place) || places.Any(before => place.StartsWith($"{before}/", StringComparison.Ordinal));
}
