using LiveMigration.Interop.Qmp;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>The blocks of memory: by name and length, as a stream has them.</summary>
internal static class RamRules
{
    internal static IEnumerable<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination, IReadOnlySet<string> otherPlaces)
    {
        if (source.RamBlocks is not { } here || destination.RamBlocks is not { } there)
        {
            yield return Verdicts.NotAsked("blocks of memory", null, null);
            yield break;
        }

        var main = (Here: Main(here, source.Facts), There: Main(there, destination.Facts));
        foreach (var block in here)
        {
            var other = there.FirstOrDefault(candidate => candidate.Name == block.Name);
            if (IsOf(block, otherPlaces) || (other is not null && block == main.Here && source.Facts.Memory != destination.Facts.Memory))
                continue; // Told in the words of a device, or of -m.
            if (other is null && block == main.Here && main.There is { } renamed)
            {
                yield return Verdicts.Of(
                    "-machine memory-backend=", block.Name, renamed.Name, Fatal, $"QEMU refuses: Unknown ramblock \"{block.Name}\".", $"Start the destination with a memory backend whose id is {block.Name}.");
            }
            else if (other is null)
            {
                yield return Verdicts.Missing(
                    $"memory {block.Name}", Verdicts.Size(block.Used), Fatal, $"QEMU refuses: Unknown ramblock \"{block.Name}\".", IsRom(block) ? "Start the destination with the same ROM (romfile=, rombar=)." : "Start the destination with the device that has it.");
            }
            else
            {
                yield return Lengths(block, other);
            }
        }

        foreach (var block in there.Where(block => block != main.There && here.All(other => other.Name != block.Name) && !IsOf(block, otherPlaces)))
            yield return Verdicts.Extra($"memory {block.Name}", Verdicts.Size(block.Used), Harmless, "QEMU accepts it: the source sends nothing for it.", "");
    }

    /// <summary>What firmware and ACPI have in tables grows up to a limit; all else must have one length.</summary>
    private static QemuDifference Lengths(QmpRamBlock source, QmpRamBlock destination)
    {
        var fits = source.Name.StartsWith("/rom@", StringComparison.Ordinal) && source.Used <= destination.Total;
        return Verdicts.Of(
            source.Name.EndsWith("vram", StringComparison.Ordinal) ? $"vgamem_mb= ({source.Name})" : $"memory {source.Name}", Verdicts.Size(source.Used), Verdicts.Size(destination.Used),
            fits ? Harmless : Fatal, fits ? "QEMU makes room for it." : $"QEMU refuses: Size mismatch: {source.Name}.", fits ? "" : "Start the destination with the same device and firmware.");
    }

    /// <summary>The one that has the guest's memory.</summary>
    private static QmpRamBlock? Main(IReadOnlyList<QmpRamBlock> blocks, QemuFacts facts) =>
        blocks.Where(block => !block.Name.Contains('/', StringComparison.Ordinal)).FirstOrDefault(block => block.Used == facts.Memory) ?? blocks.FirstOrDefault(block => block.Name.EndsWith(".ram", StringComparison.Ordinal));

    private static bool IsRom(QmpRamBlock block) => block.Name.EndsWith(".rom", StringComparison.Ordinal);

    /// <summary>Whether it is of a device that is told to differ: <c>0000:00:05.0/vga.vram</c>.</summary>
    private static bool IsOf(QmpRamBlock block, IReadOnlySet<string> places) =>
        places.Any(place => block.Name.StartsWith($"0000:00:{place}/", StringComparison.Ordinal));
}
