using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>What is in the drives. A stream has nothing of that: it must fit, and QEMU does not look.</summary>
internal static class DiskRules
{
    internal static IEnumerable<QemuDifference> Compare(QemuFacts source, QemuFacts destination)
    {
        foreach (var disk in source.Disks)
        {
            if (destination.Disks.FirstOrDefault(other => other.Name == disk.Name) is not { } other)
            {
                yield return Verdicts.Missing(
                    $"-blockdev of {disk.Name}", $"{disk.File}", Dangerous, "QEMU does not look; the guest loses what is in this drive.", "Start the destination with a disk there.");
                continue;
            }

            yield return Verdicts.Of(
                $"size of {disk.Name}", Size(disk), Size(other), Dangerous, "QEMU does not look; the guest reads and writes beyond the end, or never sees the rest.", "Give the destination a disk of the same size.");
            yield return Verdicts.Of(
                $"read-only= of {disk.Name}", OnOff(disk.ReadOnly), OnOff(other.ReadOnly), Dangerous, "QEMU does not look; the guest's writes fail.", $"Start the destination with read-only={OnOff(disk.ReadOnly)}.");
        }

        foreach (var disk in destination.Disks.Where(disk => source.Disks.All(other => other.Name != disk.Name)))
            yield return Verdicts.Extra($"-blockdev of {disk.Name}", $"{disk.File}", Dangerous, "QEMU does not look; the guest does not expect it.", "Start the destination without it.");
    }

    private static string? Size(QemuDisk disk) => disk.Size is { } bytes ? Verdicts.Size(bytes) : null;

    private static string OnOff(bool value) => value ? "on" : "off";
}
